using MeteringGateway.Compare;
using MeteringGateway.Compare.Streams;

namespace MeteringGateway.Tests.LoadTests;

public sealed class StreamsReportTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Report_OfARun_JudgesEachGoalByItsFigure()
    {
        var report = StreamsReport.Of("machine.", new CompareOptions { Streams = 4, Length = s_minute / 2 }, Results(), []);

        Assert.StartsWith("machine. 4 streams for each row", report, StringComparison.Ordinal);
        Assert.Contains("; the long stream ran for 0.5 min. ", report, StringComparison.Ordinal);
        Assert.Contains("| first byte from provider to client, median | ≤ 5.00 ms | 2.00 ms, met |", report, StringComparison.Ordinal);
        Assert.Contains("| first byte from provider to client, p99 | ≤ 5.00 ms | 9.00 ms, **not met** |", report, StringComparison.Ordinal);
        Assert.Contains("| memory by 100 MB | ≤ 20.0 MB | 30.0 MB, **not met** |", report, StringComparison.Ordinal);
        Assert.Contains("| streams at once, all charged | ≥ 1,000 | 1,000, met |", report, StringComparison.Ordinal);
        Assert.Contains("| 4 through the gateway | 1 | 2.00 | 9.00 | 9.00 | 9.00 |", report, StringComparison.Ordinal);
        Assert.Contains("| 100 MB | 100.0 | 0 | 60.0 | 200.0 | 230.0 | 30.0 |", report, StringComparison.Ordinal);
        Assert.Contains("| memory for each stream | 50 kB |", report, StringComparison.Ordinal);
        Assert.Contains("| processor time of the gateway | 2.00 s, 2.00 ms a stream |", report, StringComparison.Ordinal);
        Assert.Contains("The ledger was right", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfARunThatFailed_SaysSoInPlaceOfThePraise()
    {
        var report = StreamsReport.Of("machine.", new CompareOptions(), new StreamsResults(), ["streams: 1 was cut"]);

        Assert.Contains("**This run failed:**\n- streams: 1 was cut", report, StringComparison.Ordinal);
        Assert.DoesNotContain("The ledger was right", report, StringComparison.Ordinal);
        Assert.Contains("| streams at once, all charged | ≥ 1,000 | – |", report, StringComparison.Ordinal);
    }

    private static StreamsResults Results() => new()
    {
        FirstBytes =
        {
            new FirstBytes("without the gateway", 1, [TimeSpan.FromMilliseconds(1)]),
            new FirstBytes("through the gateway", 1, [.. new[] { 9, 1, 2, 3 }.Select(time => TimeSpan.FromMilliseconds(time))]),
        },
        Memory = { new MemoryRise("100 MB", 200_000_000, 230_000_000, 100_000_000, 0, s_minute) },
        AtOnce = new AtOnce(
            1000, 1000, 42_000, s_minute, 200_000_000, 250_000_000, (2e6, 1e6, 1e6), new FirstBytes("at once", 1000, [s_minute])),
    };
}
