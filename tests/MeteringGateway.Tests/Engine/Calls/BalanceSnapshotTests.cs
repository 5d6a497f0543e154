using MeteringGateway.Engine.Calls;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Tests.Calls.Metering;

namespace MeteringGateway.Tests.Engine.Calls;

public sealed class BalanceSnapshotTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(22, true)]
    [InlineData(23, false)]
    [InlineData(24, false)]
    public void IsEmpty_ByItsLength_UnlessEveryLimitIsThere(int length, bool isEmpty)
    {
        Assert.Equal(isEmpty, new BalanceSnapshot(new long[length]).IsEmpty);
        Assert.True(default(BalanceSnapshot).IsEmpty);
    }

    [Theory]
    [InlineData(0, "FIXED", null, null)]
    [InlineData(1, "RECURRING", "DAILY", "2026-03-12")]
    [InlineData(2, "RECURRING", "WEEKLY", "2026-03-16")]
    [InlineData(3, "RECURRING", "MONTHLY", "2026-04-01")]
    [InlineData(4, "RECURRING", "MONTHLY", "2026-04-01")]
    public void Limit_OfEachIndex_IsItsOwn(int index, string type, string? period, string? resets)
    {
        var snapshot = Seen.With((index, 500, 100, 50));

        var end = resets is null ? (DateTimeOffset?)null : new(DateOnly.ParseExact(resets, "yyyy-MM-dd"), default, TimeSpan.Zero);
        Assert.Equal(new LimitState(type, period, 500, 100, 50, end), LimitAt(snapshot, index));
        Assert.Equal(index < Period.Count ? [index] : [], Period.All.Where(one => snapshot.HasLimit(one)).Select(one => one.Number));
        Assert.Null(LimitAt(Seen.With(), index).Limit);
    }

    [Theory]
    [InlineData(500L, 100, 50, 350L)]
    [InlineData(150L, 100, 50, 0L)]
    [InlineData(149L, 100, 50, 0L)]
    [InlineData(0L, 0, 0, 0L)]
    [InlineData(null, 100, 50, null)]
    public void Remaining_IsWhatTheNextCallMayCost_AndNeverBelowNothing(long? limit, long spent, long held, long? remaining) =>
        Assert.Equal(remaining, new LimitState("FIXED", null, limit, spent, held, null).Remaining);

    /// <summary>A copy: the snapshot that it was made of is Redis's word and stays it.</summary>
    [Fact]
    public void With_BalanceOrLimit_ChangesACopyAlone()
    {
        var snapshot = Seen.With((0, 500, 100, 50));

        var (balance, spent) = (snapshot.WithBalance(7), snapshot.WithLimitSpent(Period.Fixed, 20));

        var limit = spent.LimitOf(Period.Fixed);
        Assert.Equal((7L, 0L), (balance.Balance, balance.Held));
        Assert.Equal((20L, 20L, 0L), (limit.Limit, limit.Spent, limit.Held));
        Assert.Equal((1000L, 100L, 500L, 100L),
            (snapshot.Balance, snapshot.Held, snapshot.LimitOf(Period.Fixed).Limit, snapshot.LimitOf(Period.Fixed).Spent));
    }

    private static LimitState LimitAt(BalanceSnapshot snapshot, int index) =>
        index == Seen.AccountBudget ? snapshot.AccountBudget : snapshot.LimitOf(Period.All[index]);
}
