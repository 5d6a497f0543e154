using MeteringGateway.Engine.Calls;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Tests.Calls.Metering;

/// <summary>
/// Snapshots as the scripts answer them: a Wednesday's noon, a balance of 1000 of which 100 are held, and no limit but those that a test
/// sets.
/// </summary>
internal static class Seen
{
    public static readonly DateTimeOffset Now = new(2026, 3, 11, 12, 0, 0, 250, TimeSpan.Zero);

    /// <summary>Behind the limits of the key.</summary>
    public const int AccountBudget = Period.Count;

    private const int FirstLimit = 8;

    public static BalanceSnapshot With(params ReadOnlySpan<(int Index, long Limit, long Spent, long Held)> limits)
    {
        var values = new long[BalanceSnapshot.Length];
        (values[0], values[2], values[3], values[4]) = (1, Now.ToUnixTimeMilliseconds(), 1000, 100);
        for (var index = 0; index <= AccountBudget; index++)
        {
            values[FirstLimit + (3 * index)] = -1;
        }

        foreach (var (index, limit, spent, held) in limits)
        {
            var at = FirstLimit + (3 * index);
            (values[at], values[at + 1], values[at + 2]) = (limit, spent, held);
        }

        return new BalanceSnapshot(values);
    }
}
