using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Engine.Calls;

/// <summary>A limit as Redis has it now. Credits are whole; <paramref name="Limit"/> null: no limit.</summary>
/// <param name="Type">FIXED (for ever) or RECURRING.</param>
/// <param name="Period">DAILY, WEEKLY or MONTHLY; null for FIXED.</param>
/// <param name="Limit">Credits that may be spent in the window.</param>
/// <param name="Spent">Credits charged in the window.</param>
/// <param name="Held">Credits that calls in flight hold in the window.</param>
/// <param name="ResetsAt">When the next window starts; null for FIXED.</param>
internal sealed record LimitState(string Type, string? Period, long? Limit, long Spent, long Held, DateTimeOffset? ResetsAt)
{
    /// <summary>The most that the next call may cost; null: no limit.</summary>
    public long? Remaining => Limit is { } limit ? Math.Max(0, limit - Spent - Held) : null;
}

/// <summary>
/// An account and a key at the time of a script's answer, in the layout of <c>snapshot</c> in state.lua. It keeps the
/// numbers as they came: a call has two snapshots, and most calls read two or three numbers of each. Immutable.
/// </summary>
internal readonly struct BalanceSnapshot(long[] values)
{
    /// <summary>
    /// Code, gen, now, balance, held, day, week, month; then limit, spent, held of each period and of the account's month.
    /// </summary>
    public const int Length = FirstLimit + (FieldsOfLimit * (Period.Count + 1));

    private const int Clock = 2;
    private const int BalanceAt = 3;
    private const int HeldAt = 4;
    private const int FirstWindow = 5;
    private const int FirstLimit = 8;
    private const int FieldsOfLimit = 3;
    private const int BudgetAt = FirstLimit + (FieldsOfLimit * Period.Count);

    /// <summary>The answer had a code only.</summary>
    public bool IsEmpty => values is null || values.Length < Length;

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(values[Clock]);

    public long Balance => values[BalanceAt];

    public long Held => values[HeldAt];

    public SpendWindows Windows => new(values[FirstWindow], values[FirstWindow + 1], values[FirstWindow + 2]);

    /// <summary>The account's monthly budget, over all its keys.</summary>
    public LimitState AccountBudget => LimitAt(Period.Monthly, BudgetAt);

    public bool HasLimit(Period period) => values[IndexOf(period)] >= 0;

    /// <summary>The key's limit for that period.</summary>
    public LimitState LimitOf(Period period) => LimitAt(period, IndexOf(period));

    /// <summary>A copy with this balance and nothing held: for calls that are never charged.</summary>
    public BalanceSnapshot WithBalance(long balance)
    {
        var copy = (long[])values.Clone();
        (copy[BalanceAt], copy[HeldAt]) = (balance, 0);
        return new BalanceSnapshot(copy);
    }

    /// <summary>A copy whose limit is <paramref name="limit"/> and all spent.</summary>
    public BalanceSnapshot WithLimitSpent(Period period, long limit)
    {
        var copy = (long[])values.Clone();
        var at = IndexOf(period);
        (copy[at], copy[at + 1], copy[at + 2]) = (limit, limit, 0);
        return new BalanceSnapshot(copy);
    }

    private static int IndexOf(Period period) => FirstLimit + (FieldsOfLimit * period.Number);

    private LimitState LimitAt(Period period, int at) =>
        new(period.Type, period.Recurring, values[at] < 0 ? null : values[at], values[at + 1], values[at + 2], period.End(Now));
}
