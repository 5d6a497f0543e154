using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Engine.Calls;

/// <summary>A limit as the store sees it now. Credits are whole; <paramref name="Limit"/> null: none.</summary>
/// <param name="Type">FIXED (for ever) or RECURRING.</param>
/// <param name="Period">DAILY, WEEKLY or MONTHLY; null for FIXED.</param>
/// <param name="Limit">Credits that may be spent in the window.</param>
/// <param name="Spent">Credits charged in the window.</param>
/// <param name="Held">Credits that calls in flight hold in the window.</param>
/// <param name="ResetsAt">When the next window starts; null for FIXED.</param>
internal sealed record LimitState(string Type, string? Period, long? Limit, long Spent, long Held, DateTimeOffset? ResetsAt)
{
    /// <summary>What a next call may still cost.</summary>
    public long? Remaining => Limit is { } limit ? Math.Max(0, limit - Spent - Held) : null;
}

/// <summary>
/// An account and a key as a script saw them when it answered: the layout of <c>answer</c> in state.lua, which nobody else knows.
/// It keeps the answer as it came, for a call has two of them and most calls look at two or three numbers of each.
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

    /// <summary>The answer was only a code.</summary>
    public bool IsEmpty => values is null || values.Length < Length;

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(values[Clock]);

    public long Balance => values[BalanceAt];

    public long Held => values[HeldAt];

    public SpendWindows Windows => new(values[FirstWindow], values[FirstWindow + 1], values[FirstWindow + 2]);

    /// <summary>What the account's monthly budget allows, over all its keys.</summary>
    public LimitState AccountBudget => LimitAt(Period.Monthly, BudgetAt);

    public bool HasLimit(Period period) => values[IndexOf(period)] >= 0;

    /// <summary>What the key's limit for that period allows.</summary>
    public LimitState LimitOf(Period period) => LimitAt(period, IndexOf(period));

    /// <summary>As it would read with this balance and nothing held: for calls that never touch the wallet.</summary>
    public BalanceSnapshot WithBalance(long balance)
    {
        var copy = (long[])values.Clone();
        (copy[BalanceAt], copy[HeldAt]) = (balance, 0);
        return new BalanceSnapshot(copy);
    }

    /// <summary>As it would read if the limit were <paramref name="limit"/> and all of it spent.</summary>
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
