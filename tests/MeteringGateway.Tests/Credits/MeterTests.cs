using MeteringGateway.Credits;
using MeteringGateway.Tests.Metering;

namespace MeteringGateway.Tests.Credits;

public sealed class MeterTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(22, true)]
    [InlineData(23, false)]
    [InlineData(24, false)]
    public void IsEmpty_ByItsLength_UnlessEveryLimitIsThere(int length, bool isEmpty)
    {
        Assert.Equal(isEmpty, new Meter(new long[length]).IsEmpty);
        Assert.True(default(Meter).IsEmpty);
    }

    [Theory]
    [InlineData(0, "FIXED", null, null)]
    [InlineData(1, "RECURRING", "DAILY", "2026-03-12")]
    [InlineData(2, "RECURRING", "WEEKLY", "2026-03-16")]
    [InlineData(3, "RECURRING", "MONTHLY", "2026-04-01")]
    [InlineData(4, "RECURRING", "MONTHLY", "2026-04-01")]
    public void Limit_OfEachIndex_IsItsOwn(int index, string type, string? period, string? resets)
    {
        var meter = Seen.With((index, 500, 100, 50));

        var end = resets is null ? (DateTimeOffset?)null : new(DateOnly.ParseExact(resets, "yyyy-MM-dd"), default, TimeSpan.Zero);
        Assert.Equal(new LimitState(type, period, 500, 100, 50, end), meter[index]);
        Assert.Equal([index], Enumerable.Range(0, Meter.Limits).Where(meter.HasLimit));
        Assert.Null(Seen.With()[index].Limit);
    }

    [Theory]
    [InlineData(500L, 100, 50, 350L)]
    [InlineData(150L, 100, 50, 0L)]
    [InlineData(149L, 100, 50, 0L)]
    [InlineData(0L, 0, 0, 0L)]
    [InlineData(null, 100, 50, null)]
    public void Remaining_IsWhatTheNextCallMayCost_AndNeverBelowNothing(long? limit, long spent, long held, long? remaining) =>
        Assert.Equal(remaining, new LimitState("FIXED", null, limit, spent, held, null).Remaining);

    /// <summary>A copy: the meter that it was made of is the store's word and stays it.</summary>
    [Fact]
    public void With_BalanceOrLimit_ChangesACopyAlone()
    {
        var meter = Seen.With((0, 500, 100, 50));

        var (balance, spent) = (meter.WithBalance(7), meter.WithLimitSpent(0, 20));

        Assert.Equal((7L, 0L), (balance.Balance, balance.Held));
        Assert.Equal((20L, 20L, 0L), (spent[0].Limit, spent[0].Spent, spent[0].Held));
        Assert.Equal((1000L, 100L, 500L, 100L), (meter.Balance, meter.Held, meter[0].Limit, meter[0].Spent));
    }
}
