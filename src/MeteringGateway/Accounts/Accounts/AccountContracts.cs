using System.Text.Json.Serialization;

namespace MeteringGateway.Accounts.Accounts;

/// <summary>
/// An account as the operator sees it. <c>pending_credits</c> are recorded and will be added as soon as Redis is back;
/// left out when there are none. <c>held_credits</c> and <c>budget</c> are left out in lists and while Redis is away.
/// </summary>
internal sealed record AccountView(
    long Id,
    string Email,
    string FullName,
    string Kind,
    string Status,
    long CreditBalance,
    long? MonthlyBudget,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? PendingCredits = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? HeldCredits = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BudgetView? Budget = null)
{
    public long? LowBalanceMark { get; init; }

    public static AccountView Of(AccountRow row) =>
        new(row.Id, row.Email, row.FullName, row.Kind, row.Status, row.CreditBalance, row.MonthlyBudget, row.CreatedAt)
        {
            LowBalanceMark = row.LowBalanceMark,
        };
}

internal sealed record BudgetView(long Limit, long Spent, long Held, long Remaining, DateTimeOffset? ResetsAt);

internal sealed record AccountPage(IReadOnlyList<AccountView> Accounts, long Total, int Limit, int Offset);

internal sealed record SessionView(string Session, long AccountId, DateTimeOffset ExpiresAt);
