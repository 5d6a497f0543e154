using MeteringGateway.WebConsole.Account.Credits;
using MeteringGateway.WebConsole.Account.Keys;
using MeteringGateway.WebConsole.Account.Ledger;
using MeteringGateway.WebConsole.Account.Notices;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Operation.Accounts;

/// <summary>An account, as <c>GET /admin/accounts/{id}</c> tells it.</summary>
public sealed record AccountInfo(
    long Id, string Email, string FullName, string Kind, string Status, long CreditBalance, long? MonthlyBudget, DateTimeOffset CreatedAt)
{
    public long? HeldCredits { get; init; }

    public long? PendingCredits { get; init; }

    public long? LowBalanceMark { get; init; }

    public BudgetInfo? Budget { get; init; }

    public bool IsActive => Status == "active";
}

public sealed record BudgetInfo(long Limit, long Spent, long Held, long Remaining, DateTimeOffset? ResetsAt);

public sealed record AccountList(IReadOnlyList<AccountInfo> Accounts, long Total, int Limit, int Offset);

/// <param name="Search">What was looked for; null: all.</param>
/// <param name="Accounts">Null: they can't be read now.</param>
/// <param name="Pager">Where in the list.</param>
/// <param name="Problem">What was wrong with the search or the form.</param>
public sealed record AccountsModel(string? Search, IReadOnlyList<AccountInfo>? Accounts, PagerModel Pager, ApiProblem? Problem);

/// <param name="Account">As the operator's calls tell it.</param>
/// <param name="Problem">What was wrong with a form.</param>
public sealed record AccountModel(AccountInfo Account, ApiProblem? Problem)
{
    public IReadOnlyList<KeyInfo>? Keys { get; init; }

    public IReadOnlyList<Entry>? Entries { get; init; }

    public IReadOnlyList<OrderInfo>? Orders { get; init; }

    public IReadOnlyList<EventInfo>? Events { get; init; }

    public ChartModel? Chart { get; init; }

    public long OpenDebt { get; init; }
}

/// <param name="Account">For whom.</param>
/// <param name="Url">Good once within a day.</param>
public sealed record ConsoleLinkModel(AccountInfo Account, string Url);

/// <param name="Account">Whose.</param>
/// <param name="Entries">Null: they can't be read now.</param>
/// <param name="Filter">What the address asks for.</param>
/// <param name="Pager">Where in the list.</param>
/// <param name="Problem">What is wrong with the filter.</param>
public sealed record AccountLedgerModel(
    AccountInfo Account, IReadOnlyList<Entry>? Entries, LedgerFilter Filter, PagerModel Pager, ApiProblem? Problem);
