using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Providers.Health;
using Yarp.ReverseProxy.Forwarder;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class JudgementTests
{
    private static readonly HashSet<int> s_fallback = [429, 500, 502];
    private static readonly AttemptEnd s_whole = new(ForwarderError.None, null, 200, false, false, false);
    private static readonly AttemptEnd s_broken = new(ForwarderError.ResponseBodyDestination, null, null, false, false, false);

    [Theory]
    [InlineData(200, "Success")]
    [InlineData(299, "Success")]
    [InlineData(300, "EndingStatus")]
    [InlineData(199, "EndingStatus")]
    [InlineData(399, "EndingStatus")]
    [InlineData(400, "Rejected")]
    [InlineData(499, "Rejected")]
    [InlineData(501, "EndingStatus")]
    [InlineData(429, "Status")]
    [InlineData(500, "Status")]
    [InlineData(502, "Status")]
    public void Outcome_WholeAnswer_GoesByItsStatus(int status, string outcome) =>
        Assert.Equal(outcome, Judgement.Outcome(s_whole with { Answered = status }, s_fallback).ToString());

    /// <summary>A surface may fall back even on a success: its list comes first.</summary>
    [Fact]
    public void Outcome_SuccessThatTheSurfaceFallsBackOn_IsAStatus() =>
        Assert.Equal(AttemptOutcome.Status, Judgement.Outcome(s_whole with { Answered = 204 }, new HashSet<int> { 204 }));

    /// <summary>
    /// A whole answer that came as the deadline passed is an answer; one that the forwarder reports an error with is none.
    /// </summary>
    [Fact]
    public void Outcome_WholeAnswerAtTheDeadline_IsSuccessOnlyWithoutAnError()
    {
        Assert.Equal(AttemptOutcome.Success, Judgement.Outcome(s_whole with { IsOutOfTime = true }, s_fallback));
        Assert.Equal(AttemptOutcome.BadResponse, Judgement.Outcome(s_whole with { Error = ForwarderError.ResponseBodyClient }, s_fallback));
    }

    [Theory]
    [InlineData(ForwarderError.None, false, "BadResponse")]
    [InlineData(ForwarderError.None, true, "Timeout")]
    [InlineData(ForwarderError.RequestTimedOut, false, "Timeout")]
    [InlineData(ForwarderError.RequestCanceled, true, "Timeout")]
    [InlineData(ForwarderError.RequestCanceled, false, "BadResponse")]
    [InlineData(ForwarderError.ResponseBodyDestination, false, "BadResponse")]
    public void Outcome_NoWholeAnswer_IsATimeoutOnlyWhereTimeRanOut(ForwarderError error, bool isOutOfTime, string outcome) =>
        Assert.Equal(outcome, Judgement.Outcome(s_broken with { Error = error, IsOutOfTime = isOutOfTime }, s_fallback).ToString());

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, "ConnectError")]
    [InlineData(HttpRequestError.NameResolutionError, "ConnectError")]
    [InlineData(HttpRequestError.SecureConnectionError, "ConnectError")]
    [InlineData(HttpRequestError.ProxyTunnelError, "ConnectError")]
    [InlineData(HttpRequestError.ResponseEnded, "BadResponse")]
    [InlineData(HttpRequestError.HttpProtocolError, "BadResponse")]
    [InlineData(HttpRequestError.InvalidResponse, "BadResponse")]
    public void Outcome_Exception_TellsNoConnectionFromABadAnswer(HttpRequestError said, string outcome)
    {
        var end = s_broken with { Error = ForwarderError.Request, Failure = new HttpRequestException(said) };

        Assert.Equal(outcome, Judgement.Outcome(end, s_fallback).ToString());
        Assert.Equal(AttemptOutcome.Timeout, Judgement.Outcome(end with { IsOutOfTime = true }, s_fallback));
    }

    [Fact]
    public void Outcome_NoMemory_IsOverloadedWhateverElseIsTrue()
    {
        var exhausted = new HttpRequestException("", new InsufficientMemoryException());

        Assert.Equal(AttemptOutcome.Overloaded, Judgement.Outcome(s_whole with { IsOverloaded = true }, s_fallback));
        Assert.Equal(AttemptOutcome.Overloaded, Judgement.Outcome(s_broken with { Failure = exhausted, IsOutOfTime = true }, s_fallback));
        Assert.Equal(AttemptOutcome.Success, Judgement.Outcome(s_whole with { Failure = exhausted }, s_fallback));
    }

    /// <summary>An attempt of ten seconds: below nine of them the call's own time was up, not the provider's.</summary>
    [Theory]
    [InlineData("Timeout", ForwarderError.RequestCanceled, 8.999, false, "Gateway")]
    [InlineData("Timeout", ForwarderError.RequestCanceled, 9, false, "Provider")]
    [InlineData("Timeout", ForwarderError.RequestTimedOut, 1, false, "Provider")]
    [InlineData("Timeout", ForwarderError.RequestCanceled, 10, true, "Client")]
    [InlineData("Success", ForwarderError.None, 1, true, "Provider")]
    [InlineData("Rejected", ForwarderError.None, 1, true, "Client")]
    [InlineData("Rejected", ForwarderError.None, 1, false, "Provider")]
    [InlineData("Status", ForwarderError.None, 1, false, "Provider")]
    [InlineData("ConnectError", ForwarderError.Request, 1, false, "Provider")]
    [InlineData("Overloaded", ForwarderError.None, 1, false, "Gateway")]
    [InlineData("BadResponse", ForwarderError.ResponseBodyDestination, 1, false, "Provider")]
    [InlineData("BadResponse", ForwarderError.RequestCreation, 1, false, "Gateway")]
    public void Owner_OfEachEnd_IsWhoeverBroughtItAbout(string outcome, ForwarderError error, double seconds, bool clientLeft,
        string owner) =>
        Assert.Equal(owner, Owner(outcome, s_broken with { Error = error }, seconds, clientLeft));

    [Fact]
    public void Owner_AnswerBeyondOurBound_IsTheGateway() =>
        Assert.Equal("Gateway", Owner("BadResponse", s_broken with { IsTooLarge = true }, 1, clientLeft: false));

    [Theory]
    [InlineData("Success", 200, "Good")]
    [InlineData("Success", 429, "Bad")]
    [InlineData("Rejected", 400, "Good")]
    [InlineData("Rejected", 408, "Good")]
    [InlineData("Rejected", 429, "Bad")]
    [InlineData("Rejected", 503, "Bad")]
    [InlineData("Status", 404, "Good")]
    [InlineData("Status", 408, "Bad")]
    [InlineData("Status", 429, "Bad")]
    [InlineData("Status", 499, "Good")]
    [InlineData("Status", 500, "Bad")]
    [InlineData("EndingStatus", 302, "Good")]
    [InlineData("EndingStatus", 501, "Bad")]
    [InlineData("Timeout", null, "Bad")]
    [InlineData("ConnectError", null, "Bad")]
    [InlineData("BadResponse", 200, "Bad")]
    public void Verdict_OfTheProvidersOwnAttempt_GoesByOutcomeAndStatus(string outcome, int? status, string verdict)
    {
        var report = new AttemptReport("alpha", Enum.Parse<AttemptOutcome>(outcome), status, TimeSpan.Zero);

        Assert.Equal(verdict, Judgement.Verdict(new Attempted(report, AttemptOwner.Provider, null, null)).ToString());
        Assert.Equal(Verdict.None, Judgement.Verdict(new Attempted(report, AttemptOwner.Gateway, null, null)));
        Assert.Equal(Verdict.None, Judgement.Verdict(new Attempted(report, AttemptOwner.Client, null, null)));
    }

    [Theory]
    [InlineData("", false, "Failed")]
    [InlineData("", true, "TimedOut")]
    [InlineData("Timeout", false, "TimedOut")]
    [InlineData("Timeout SkippedUnhealthy", false, "TimedOut")]
    [InlineData("SkippedUnhealthy", false, "Failed")]
    [InlineData("Timeout ConnectError", false, "Failed")]
    [InlineData("Status Timeout", false, "Failed")]
    [InlineData("Status", true, "TimedOut")]
    public void Unanswered_ByItsAttempts_IsTimedOutOnlyWhereTimeAloneWentWrong(string outcomes, bool timeIsUp, string status)
    {
        var attempts = outcomes.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(name => new AttemptReport("alpha", Enum.Parse<AttemptOutcome>(name), null, TimeSpan.Zero)).ToList();

        Assert.Equal(status, Judgement.Unanswered(timeIsUp, attempts).ToString());
    }

    private static string Owner(string outcome, AttemptEnd end, double seconds, bool clientLeft) => Judgement.Owner(
        Enum.Parse<AttemptOutcome>(outcome), end, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(10), clientLeft).ToString();
}
