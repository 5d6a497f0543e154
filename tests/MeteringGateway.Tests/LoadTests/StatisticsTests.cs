using MeteringGateway.Load.Measuring;

namespace MeteringGateway.Tests.LoadTests;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3)]
    [InlineData(new[] { 9.0, 1, 5 }, 5)]
    [InlineData(new[] { 4.0, 1, 3, 2 }, 2.5)]
    [InlineData(new[] { double.NaN, 7, double.NaN }, 7)]
    public void Median_OfFigures_IsTheMiddleOne(double[] figures, double expected) =>
        Assert.Equal(expected, Statistics.Median(figures));

    [Fact]
    public void Median_OfNothing_IsNoNumber() => Assert.Equal(double.NaN, Statistics.Median([]));

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(0.991, 100)]
    [InlineData(1, 100)]
    [InlineData(0, 1)]
    public void Percentile_OfAHundred_IsTheNearestRank(double share, long expected) =>
        Assert.Equal(expected, Statistics.Percentile([.. Enumerable.Range(1, 100).Select(number => (long)number)], share));

    [Fact]
    public void Percentile_OfNothing_IsZero() => Assert.Equal(0, Statistics.Percentile([], 0.5));

    [Theory]
    [InlineData(1, 4, 0.25)]
    [InlineData(1, 0, double.NaN)]
    public void Ratio_ToNothing_IsNoNumber(double part, double whole, double expected) =>
        Assert.Equal(expected, Statistics.Ratio(part, whole));
}
