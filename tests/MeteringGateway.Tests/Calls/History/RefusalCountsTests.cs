using MeteringGateway.Calls.History;
using MeteringGateway.Tests.Telemetry;

namespace MeteringGateway.Tests.Calls.History;

public sealed class RefusalCountsTests
{
    [Fact]
    public void Counts_TakenAndGivenBack_AreAddedToThoseSince()
    {
        using var fixture = new MetricsFixture();
        var counts = new RefusalCounts(10, fixture.Metrics, TimeProvider.System);
        counts.Add(1, 2, "search", "rate_limited");
        counts.Add(1, 2, "search", "rate_limited");
        var taken = counts.Take();
        counts.Add(1, 2, "search", "rate_limited");
        counts.Add(1, 2, null, "unknown_surface");

        Assert.Equal(2, Assert.Single(taken).Value);
        counts.GiveBack(taken);

        Assert.Equal(
            [("rate_limited", 3L), ("unknown_surface", 1L)],
            counts.Take().Select(one => (one.Key.Code, one.Value)).OrderBy(one => one.Code, StringComparer.Ordinal));
        Assert.Empty(counts.Take());
    }

    [Fact]
    public void Counts_OfTooManyKinds_AreCountedByTheMetricAlone()
    {
        using var fixture = new MetricsFixture();
        var counts = new RefusalCounts(3, fixture.Metrics, TimeProvider.System);
        for (var key = 0; key < 5; key++)
        {
            counts.Add(1, key, "search", "rate_limited");
        }

        counts.Add(1, 0, "search", "rate_limited");

        Assert.Equal(4, counts.Take().Values.Sum());
        Assert.Equal(2, fixture.Scrape().Samples["metering_refusals_uncounted_total"]);
    }

    [Fact]
    public void Counts_OfManyCallersAtOnce_AreAllThere()
    {
        using var fixture = new MetricsFixture();
        var counts = new RefusalCounts(1_000, fixture.Metrics, TimeProvider.System);
        var taken = 0L;
        Parallel.For(0, 40_000, i =>
        {
            counts.Add(i % 7, i % 11, "search", "rate_limited");
            if (i % 1_000 == 0)
            {
                Interlocked.Add(ref taken, counts.Take().Values.Sum());
            }
        });

        Assert.Equal(40_000, taken + counts.Take().Values.Sum());
    }
}
