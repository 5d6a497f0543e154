using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Tests.Calls.Answers;

public sealed class AttemptsTextTests
{
    private static readonly AttemptReport s_timeout = new("alpha", AttemptOutcome.Timeout, null, TimeSpan.FromMilliseconds(5000.9));

    [Fact]
    public void Of_Attempts_ShowsTheirStatusOrElseTheirOutcomeInTheirOrder() => Assert.Equal(
        "alpha=503;12, beta=200;31",
        AttemptsText.Of(
        [
            new("alpha", AttemptOutcome.Status, 503, TimeSpan.FromMilliseconds(12.7)),
            new("beta", AttemptOutcome.Success, 200, TimeSpan.FromMilliseconds(31)),
        ]));

    [Theory]
    [InlineData(AttemptOutcome.Timeout, "timeout")]
    [InlineData(AttemptOutcome.ConnectError, "connect_error")]
    [InlineData(AttemptOutcome.BadResponse, "bad_response")]
    [InlineData(AttemptOutcome.SkippedUnhealthy, "skipped_unhealthy")]
    public void Of_AttemptWithoutStatus_ShowsItsOutcome(object outcome, string shown) =>
        Assert.Equal($"alpha={shown};5000", AttemptsText.Of([s_timeout with { Outcome = (AttemptOutcome)outcome }]));

    /// <summary>A stream that broke off had its status long before.</summary>
    [Fact]
    public void ToKeep_AttemptWithA2xxThatWasNoSuccess_SaysSo()
    {
        AttemptReport[] attempts =
        [
            new("alpha", AttemptOutcome.BadResponse, 200, TimeSpan.FromMilliseconds(12)), new("beta", AttemptOutcome.Status, 503, default),
            new("gamma", AttemptOutcome.Success, 200, TimeSpan.FromMilliseconds(31)),
        ];

        Assert.Equal("alpha=200/bad_response;12, beta=503;0, gamma=200;31", AttemptsText.ToKeep(attempts));
        Assert.Equal("alpha=200;12, beta=503;0, gamma=200;31", AttemptsText.Of(attempts));
    }

    [Fact]
    public void Of_NoAttempt_IsEmpty() => Assert.Equal("", AttemptsText.Of([]));

    /// <summary>More than fits on the stack.</summary>
    [Fact]
    public void Of_ManyAttempts_ShowsThemAll() => Assert.Equal(
        string.Join(", ", Enumerable.Repeat("alpha=timeout;5000", 100)), AttemptsText.Of([.. Enumerable.Repeat(s_timeout, 100)]));
}
