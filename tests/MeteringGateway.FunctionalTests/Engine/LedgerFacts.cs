using MeteringGateway.Ledger.Reading;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>What the ledger would say of an account and of a key, from values in one line.</summary>
internal static class LedgerFacts
{
    /// <param name="id">The account.</param>
    /// <param name="values">Balance, status, version, monthly budget or -1, month of the spend, credits spent in it.</param>
    public static AccountFacts Account(long id, params RedisValue[] values) => new(
        id, (long)values[0], values[1]!, (long)values[2], Limit(values[3]), (long)values[4], (long)values[5]);

    /// <param name="id">The key.</param>
    /// <param name="values">
    /// Version, status, secret version, previous secret until (ms, 0: not), expires at (ms, 0: never), surfaces as |a|b| or empty, calls a
    /// minute or 0; limits FIXED, DAILY, WEEKLY, MONTHLY or -1; spent for ever, day and spent in it, week and spent, month and spent.
    /// </param>
    public static KeyFacts Key(long id, params RedisValue[] values) => new()
    {
        Id = id,
        AccountId = 0,
        Version = (long)values[0],
        Status = values[1]!,
        SecretVersion = (int)values[2],
        PreviousSecretUntil = Instant(values[3]),
        ExpiresAt = Instant(values[4]),
        Surfaces = Surfaces(values[5]!),
        RateLimitPerMinute = values[6] == 0 ? null : (int)values[6],
        LimitFixed = Limit(values[7]),
        LimitDaily = Limit(values[8]),
        LimitWeekly = Limit(values[9]),
        LimitMonthly = Limit(values[10]),
        Spent = (long)values[11],
        Day = (long)values[12],
        DaySpent = (long)values[13],
        Week = (long)values[14],
        WeekSpent = (long)values[15],
        Month = (long)values[16],
        MonthSpent = (long)values[17],
    };

    private static long? Limit(RedisValue value) => value == -1 ? null : (long)value;

    private static DateTime? Instant(RedisValue value) =>
        value == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)value).UtcDateTime;

    private static string[]? Surfaces(string packed) =>
        packed.Length == 0 ? null : packed.Trim('|').Split('|', StringSplitOptions.RemoveEmptyEntries);
}
