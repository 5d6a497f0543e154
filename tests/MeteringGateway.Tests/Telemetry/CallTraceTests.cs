using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Telemetry;
using Microsoft.AspNetCore.Http;

namespace MeteringGateway.Tests.Telemetry;

/// <summary>Nothing in this process listens to spans: a listener would be one for all tests at once.</summary>
public sealed class CallTraceTests
{
    private const string Parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Fact]
    public void NobodyListens_NoSpanAndNoAllocation()
    {
        Assert.False(CallTrace.IsOn);
        Assert.Null(CallTrace.ToRemember());
        Assert.Null(FlushTrace.Begin());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _ = CallTrace.IsOn || CallTrace.Begin("reserve") is not null || CallTrace.ToRemember() is not null
                || FlushTrace.Begin() is not null;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(Parent, "vendor=1", Parent, "vendor=1")]
    [InlineData(Parent, "", Parent, null)]
    [InlineData("what a client sent", "vendor=1", null, null)]
    [InlineData("", "vendor=1", null, null)]
    public void Pass_WithoutASpanOfOurs_HandsOnWhatTheClientSent(string parent, string state, string? passedParent, string? passedState)
    {
        var client = new HeaderDictionary { ["traceparent"] = parent, ["tracestate"] = state, ["baggage"] = "who=me" };
        using var request = new HttpRequestMessage();

        CallTrace.Pass(client, request.Headers);

        Assert.Equal(passedParent, request.Headers.TryGetValues("traceparent", out var parents) ? parents.Single() : null);
        Assert.Equal(passedState, request.Headers.TryGetValues("tracestate", out var states) ? states.Single() : null);
        Assert.False(request.Headers.Contains("baggage"));
    }

    [Fact]
    public void SourceOfTheLedger_IsTheOneThatIsExported() =>
        Assert.Equal(FlushTrace.SourceName, OpenTelemetryRegistration.LedgerSource);
}
