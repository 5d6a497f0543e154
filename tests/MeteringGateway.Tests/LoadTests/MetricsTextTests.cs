using MeteringGateway.Load.Measuring;

namespace MeteringGateway.Tests.LoadTests;

public sealed class MetricsTextTests
{
    private const string Scrape = """
        # TYPE metering_requests_total counter
        metering_requests_total{surface="fast",outcome="charged"} 1200
        metering_requests_total{surface="slow",outcome="charged"} 3
        metering_requests_total{surface="fast",outcome="store_unavailable"} 1.5e+1
        metering_requests_total_of_another{surface="fast",outcome="charged"} 9
        """;

    [Fact]
    public void Outcomes_OfAScrape_AddUpTheSurfaces() => Assert.Equal(
        new Dictionary<string, long> { ["charged"] = 1203, ["store_unavailable"] = 15 }, MetricsText.Outcomes(Scrape));

    [Fact]
    public void Refusals_BetweenTwoScrapes_NameTheCodes()
    {
        var before = new Dictionary<string, long> { ["charged"] = 1, ["overloaded"] = 2 };
        var after = new Dictionary<string, long> { ["charged"] = 9, ["overloaded"] = 3, ["store_unavailable"] = 4, ["invalid_key"] = 0 };
        Assert.Equal("4 × store_unavailable, 1 × overloaded", MetricsText.Refusals(before, after));
    }
}
