using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.Tests.WebConsole;

public sealed class ChartModelTests
{
    private static readonly DateTimeOffset s_day = new(2026, 5, 19, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(51, 100)]
    [InlineData(200, 200)]
    [InlineData(201, 500)]
    [InlineData(long.MaxValue, 100_000_000_000_000_000)]
    public void Top_IsTheNextRoundNumber(long highest, long top) =>
        Assert.Equal(top, new ChartModel("", [s_day], [new ChartSeries("a", [highest])], ByHour: false).Top);

    [Fact]
    public void Series_AreTheLargestAndTheOthersTogether()
    {
        var rows = Enumerable.Range(1, 9).Select(i => ($"s{i}", s_day.AddDays(i % 2), (long)i)).ToList();
        var series = ChartModel.SeriesOf(rows, [s_day, s_day.AddDays(1)]);
        Assert.Equal(["s9", "s8", "s7", "s6", "s5", "Other"], series.Select(one => one.Name));
        Assert.Equal(rows.Sum(row => row.Item3), series.Sum(one => one.Values.Sum()));
        Assert.Equal([4 + 2, 3 + 1], series[^1].Values);
    }

    [Fact]
    public void Series_WithoutRows_AreNone() => Assert.Empty(ChartModel.SeriesOf([], [s_day]));
}
