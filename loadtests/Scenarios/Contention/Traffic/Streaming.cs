using MeteringGateway.Load.Streams;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Targets;

namespace MeteringGateway.Scenarios.Contention.Traffic;

/// <summary>Answers that take a second to come: many holds at once, each renewed, each priced by what its stream shows last.</summary>
internal static class Streaming
{
    private const int Events = 20;
    private const int Pause = 50;

    public static Scenario Scenario => Scenario
        .Named("streaming", "Streams of a second each, priced by usage: dozens of holds and answers are open at once.")
        .OnLocalStackOnly("its provider streams what the call orders, and its price is a credit a token")
        .By(rate: 40, TimeSpan.FromSeconds(15))
        .CalledBy((target, _, _) => Task.FromResult(target.Keys.First(100)))
        .Step("stream", call => call.Calls.StreamAsync(call.AnyKey, Order((int)(call.Number % 7)), call.Cancellation))
        .Expect(Threshold.Only(Response.Charged), Threshold.Reached(0.98), FirstByte(TimeSpan.FromMilliseconds(500)));

    private static StreamOrder Order(int more) =>
        new(LocalStack.Streamed, StreamOrder.Events, Tokens: 10 + more) { Count = Events, PauseMilliseconds = Pause };

    /// <summary>How long the whole takes is the provider's; when it begins is the gateway's.</summary>
    private static Threshold FirstByte(TimeSpan atMost) => new(
        $"p99 of first bytes ≤ {atMost.TotalMilliseconds:N0} ms", ThresholdKind.Timing, result =>
        {
            var first = result.Measured.Single(one => one.Name == "stream, first byte");
            return ($"{first.P99.TotalMilliseconds:N0} ms", first.Count > 0 && first.P99 <= atMost);
        });
}
