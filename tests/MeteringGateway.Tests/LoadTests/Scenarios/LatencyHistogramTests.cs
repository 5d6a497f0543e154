using MeteringGateway.Load.Measuring;
using MeteringGateway.Scenarios.Running;

namespace MeteringGateway.Tests.LoadTests.Scenarios;

public sealed class LatencyHistogramTests
{
    private static readonly double[] s_shares = [0, 0.001, 0.5, 0.9, 0.99, 0.999, 1];

    /// <summary>Against the exact percentile of all values, over seven powers of ten: never below it, at most 1/128 above.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Percentile_IsNeverBelow_AndWithinItsBound(int seed)
    {
        var random = new Random(seed);
        var histogram = new LatencyHistogram();
        var exact = Enumerable.Range(0, 20_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 7)).ToArray();
        foreach (var microseconds in exact)
        {
            histogram.Add(TimeSpan.FromMicroseconds(microseconds));
        }

        Array.Sort(exact);
        foreach (var share in s_shares)
        {
            var expected = Statistics.Percentile(exact, share);
            Assert.InRange(histogram.Percentile(share).TotalMicroseconds, expected, (expected * (1 + (1.0 / 128))) + 1);
        }

        Assert.Equal(exact[^1], histogram.Max.TotalMicroseconds);
        Assert.Equal(exact.Average(), histogram.Mean.TotalMicroseconds, tolerance: 1);
    }

    [Fact]
    public void Percentile_OfSmallValues_IsExact()
    {
        var histogram = new LatencyHistogram();
        for (var microseconds = 1; microseconds <= 200; microseconds++)
        {
            histogram.Add(TimeSpan.FromMicroseconds(microseconds));
        }

        Assert.Equal([1, 100, 198, 200], new[] { 0, 0.5, 0.99, 1 }.Select(share => histogram.Percentile(share).TotalMicroseconds));
    }

    [Fact]
    public void Add_OfAnother_IsAsIfAllHadBeenAddedToOne()
    {
        var (one, other, all) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        for (var i = 0; i < 1000; i++)
        {
            (i % 3 == 0 ? one : other).Add(TimeSpan.FromMicroseconds(i * i));
            all.Add(TimeSpan.FromMicroseconds(i * i));
        }

        one.Add(other);
        Assert.Equal((all.Count, all.Max, all.Mean), (one.Count, one.Max, one.Mean));
        Assert.All(s_shares, share => Assert.Equal(all.Percentile(share), one.Percentile(share)));
    }

    [Fact]
    public void Edges_AreCounted()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(0.99));
        histogram.Add(TimeSpan.FromTicks(-5));
        histogram.Add(TimeSpan.Zero);
        histogram.Add(TimeSpan.FromDays(30));
        Assert.Equal(3, histogram.Count);
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(0.5));
        Assert.InRange(histogram.Percentile(1), TimeSpan.FromHours(19), TimeSpan.FromHours(20));
    }
}
