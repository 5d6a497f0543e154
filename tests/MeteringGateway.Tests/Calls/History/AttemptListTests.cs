using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.History;
using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Tests.Calls.History;

public sealed class AttemptListTests
{
    [Fact]
    public void Attempts_AsTheAnswersHeaderHasThem_AreReadBack()
    {
        var text = AttemptsText.Of(
        [
            new AttemptReport("alpha", AttemptOutcome.SkippedUnhealthy, null, TimeSpan.Zero),
            new AttemptReport("beta", AttemptOutcome.Timeout, null, TimeSpan.FromSeconds(5)),
            new AttemptReport("gamma", AttemptOutcome.Status, 503, TimeSpan.FromMilliseconds(12)),
            new AttemptReport("delta", AttemptOutcome.Success, 200, TimeSpan.FromMilliseconds(31)),
        ]);
        Assert.Equal(
            [
                new CallAttempt("alpha", "skipped_unhealthy", null, 0), new CallAttempt("beta", "timeout", null, 5_000),
                new CallAttempt("gamma", "status", 503, 12), new CallAttempt("delta", "success", 200, 31),
            ],
            AttemptList.Read(text, succeeded: true));
    }

    [Theory]
    [InlineData("alpha=200;1, beta=200;2", true, "bad_response", "success")]
    [InlineData("alpha=200;1, beta=200;2", false, "bad_response", "bad_response")]
    [InlineData("alpha=503;1, beta=404;2", true, "status", "status")]
    [InlineData("alpha=200/timeout;1, beta=200/bad_response;2", true, "timeout", "bad_response")]
    public void Attempt_WithA2xx_IsASuccessWhereItGaveTheAnswer(string text, bool succeeded, string first, string second) =>
        Assert.Equal([first, second], AttemptList.Read(text, succeeded).Select(attempt => attempt.Outcome));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("alpha")]
    [InlineData("alpha=503")]
    [InlineData("=503;1")]
    [InlineData("alpha=503;x")]
    [InlineData("alpha;1=503")]
    public void Text_ThatHasNone_IsEmpty(string? text) => Assert.Empty(AttemptList.Read(text, succeeded: true));
}
