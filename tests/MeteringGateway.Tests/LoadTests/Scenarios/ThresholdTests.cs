using MeteringGateway.Scenarios.LedgerChecks;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Results;

namespace MeteringGateway.Tests.LoadTests.Scenarios;

public sealed class ThresholdTests
{
    private const string Refused = "insufficient_credits";

    private static readonly ScenarioResult s_mixed =
        ResultOf.Seconds([(Response.Charged, 90), (Refused, 10)], [(Response.Charged, 100)]);

    private static readonly ScenarioResult s_nothing = ResultOf.Seconds();

    [Theory]
    [InlineData(25, true)]
    [InlineData(24.9, false)]
    public void P99_HoldsUpToItsBound(double milliseconds, bool expected) =>
        Assert.Equal(expected, Threshold.P99(TimeSpan.FromMilliseconds(milliseconds)).Evaluate(s_mixed).Passed);

    [Fact]
    public void Only_NamesWhatElseCame()
    {
        Assert.True(Threshold.Only(Response.Charged, Refused).Evaluate(s_mixed).Passed);
        var broken = Threshold.Only(Response.Charged).Evaluate(s_mixed);
        Assert.Equal((false, "10 × insufficient_credits"), (broken.Passed, broken.Actual));
    }

    [Theory]
    [InlineData(0.05, true)]
    [InlineData(0.049, false)]
    public void Share_HoldsUpToItsBound(double atMost, bool expected) =>
        Assert.Equal(expected, Threshold.Share(Refused, atMost).Evaluate(s_mixed).Passed);

    [Theory]
    [InlineData(0.995, true)]
    [InlineData(1, false)]
    public void Reached_CountsRunsInTime(double share, bool expected) =>
        Assert.Equal(expected, Threshold.Reached(share).Evaluate(s_mixed).Passed);

    [Theory]
    [InlineData(380, true)]
    [InlineData(379, false)]
    [InlineData(381, false)]
    public void ExactlyCharged_IsExact(long credits, bool expected) =>
        Assert.Equal(expected, Threshold.ExactlyCharged(credits).Evaluate(s_mixed).Passed);

    [Fact]
    public void Recovered_LooksAtTheLastPartAlone()
    {
        Assert.True(Threshold.Recovered(0.5).Evaluate(s_mixed).Passed);
        Assert.False(Threshold.Recovered(1).Evaluate(s_mixed).Passed);
    }

    /// <summary>A run in which nothing was sent has shown nothing.</summary>
    [Fact]
    public void Nothing_PassesNoThreshold()
    {
        Threshold[] all =
        [
            Threshold.P99(TimeSpan.FromHours(1)), Threshold.Only(Response.Charged), Threshold.Share(Refused, 1),
            Threshold.Some(Response.Charged), Threshold.Recovered(1),
        ];
        Assert.All(all, threshold => Assert.False(threshold.Evaluate(s_nothing).Passed));
    }

    [Fact]
    public void Report_PassesOnlyWithAllThresholds_ARightLedger_AndItsWholeTime()
    {
        Threshold[] good = [Threshold.Only(Response.Charged, Refused)];
        Assert.True(ResultOf.Report(s_mixed, good).Passed);
        Assert.False(ResultOf.Report(s_mixed, [.. good, Threshold.Only(Refused)]).Passed);
        Assert.False(ResultOf.Report(s_mixed, good, new LedgerVerdict([], ["1 charged answers without an entry"])).Passed);
        Assert.False(ResultOf.Report(s_mixed, good, cutShort: "stopped by hand after 1 s").Passed);
    }
}
