using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Account.Ledger;

/// <summary>One entry of the ledger, as <c>GET /api/me/ledger</c> tells it.</summary>
public sealed record Entry(
    string Id, long AccountId, long Seq, string Type, long Amount, long BalanceAfter, long? KeyId, string? Surface, string? Provider,
    string? Description, DateTimeOffset OccurredAt)
{
    public bool IsCall => Type == EntryTypes.Call;

    /// <summary>What it is, in words.</summary>
    public string Title => Description ?? (IsCall ? $"Call of {Surface}" : Text.Word(Type));
}

public sealed record EntryList(IReadOnlyList<Entry> Transactions, long Total, int Limit, int Offset)
{
    /// <summary>With a filter the total is counted so far, or to one beyond the page.</summary>
    internal const int CountedTo = 10_000;
}

/// <summary>One attempt at a provider.</summary>
public sealed record Attempt(string Provider, string Outcome, int? Status, long DurationMs);

/// <summary>A call, as <c>GET /api/v1/calls/{id}</c> tells it.</summary>
public sealed record CallInfo(
    string RequestId, string? Surface, string? Provider, string State, string? Code, long? CreditsHeld, long CreditsCharged,
    IReadOnlyList<Attempt> ProviderAttempts, DateTimeOffset At);

/// <param name="Entries">Null: they can't be read now.</param>
/// <param name="Filter">What the address asks for.</param>
/// <param name="Pager">Where in the list.</param>
/// <param name="Problem">What is wrong with the filter.</param>
public sealed record LedgerModel(IReadOnlyList<Entry>? Entries, LedgerFilter Filter, PagerModel Pager, ApiProblem? Problem);

/// <param name="Call">What became of it.</param>
/// <param name="Entry">Its charge; null: none was made, or it is on its way.</param>
/// <param name="KeyName">Of the key that made the call; null: not known.</param>
/// <param name="Link">What stands before the addresses of this side of the console.</param>
public sealed record ReceiptModel(CallInfo Call, Entry? Entry, string? KeyName, string Link);

/// <summary>The types of entries that the ledger has by itself; there may be others.</summary>
internal static class EntryTypes
{
    public const string Call = "usage";
}
