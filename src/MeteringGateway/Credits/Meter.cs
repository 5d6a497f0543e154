namespace MeteringGateway.Credits;

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

/// <summary>An account and a key as a script saw them when it answered: the layout of <c>answer</c> in state.lua.</summary>
internal readonly struct Meter(long[] values)
{
    /// <summary>FIXED, DAILY, WEEKLY, MONTHLY of the key, then the account's month.</summary>
    public const int Limits = 5;

    public const int AccountBudget = 4;
    private const int FirstLimit = 8;

    /// <summary>The answer was only a code.</summary>
    public bool IsEmpty => values is null || values.Length < FirstLimit + (3 * Limits);

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(values[2]);
    public long Balance => values[3];
    public long Held => values[4];
    public SpendWindows Windows => new(values[5], values[6], values[7]);

    public bool HasLimit(int index) => values[FirstLimit + (3 * index)] >= 0;

    /// <summary>As it would read with this balance and nothing held: for calls that never touch the wallet.</summary>
    public Meter WithBalance(long balance)
    {
        var copy = (long[])values.Clone();
        (copy[3], copy[4]) = (balance, 0);
        return new Meter(copy);
    }

    /// <summary>As it would read if the limit were <paramref name="limit"/> and all of it spent.</summary>
    public Meter WithLimitSpent(int index, long limit)
    {
        var copy = (long[])values.Clone();
        var at = FirstLimit + (3 * index);
        (copy[at], copy[at + 1], copy[at + 2]) = (limit, limit, 0);
        return new Meter(copy);
    }

    public LimitState this[int index]
    {
        get
        {
            var at = FirstLimit + (3 * index);
            var (type, period) = index switch
            {
                0 => ("FIXED", null),
                1 => ("RECURRING", "DAILY"),
                2 => ("RECURRING", "WEEKLY"),
                _ => ("RECURRING", "MONTHLY"),
            };
            return new LimitState(type, period, values[at] < 0 ? null : values[at], values[at + 1], values[at + 2], WindowCalendar.WindowEnd(period, Now));
        }
    }
}
