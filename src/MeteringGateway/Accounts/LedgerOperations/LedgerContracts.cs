using System.Text.Json;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Accounts.LedgerOperations;

/// <summary>A page of the ledger, newest first.</summary>
internal sealed record TransactionsAnswer(IReadOnlyList<TransactionAnswer> Transactions, long Total, int Limit, long Offset)
{
    public static TransactionsAnswer From(LedgerPage page, LedgerQuery query) =>
        new([.. page.Entries.Select(TransactionAnswer.From)], page.Total, query.Limit, query.Offset);
}

/// <summary>One line of the ledger as an operator sees it.</summary>
internal sealed record TransactionAnswer(
    string Id,
    long AccountId,
    long Seq,
    string Type,
    long Amount,
    long BalanceAfter,
    long? KeyId,
    string? Surface,
    string? Provider,
    string? Description,
    JsonElement? Metadata,
    DateTimeOffset OccurredAt,
    DateTimeOffset RecordedAt)
{
    public static TransactionAnswer From(LedgerEntry entry) => new(
        entry.EntryId, entry.AccountId, entry.Seq, entry.EntryType, entry.CreditsDelta, entry.BalanceAfter, entry.KeyId,
        entry.Surface, entry.Provider, entry.Description, entry.Metadata, entry.OccurredAt, entry.RecordedAt);
}
