using MeteringGateway.Scenarios.Model;

namespace MeteringGateway.Scenarios.Contention.Traffic;

/// <summary>The load that a gateway has all day: what the others are measured against.</summary>
internal static class Steady
{
    public static Scenario Scenario => Scenario.Named("steady", "A constant rate over a hundred accounts: nothing is in the way.")
        .By(rate: 200, TimeSpan.FromSeconds(15))
        .CalledBy((target, _, _) => Task.FromResult(target.Keys.First(100)))
        .Step("query", call => call.Calls.QueryAsync(call.AnyKey, call.Cancellation))
        .Expect(
            Threshold.Only(Response.Charged), Threshold.P99(TimeSpan.FromMilliseconds(500)), Threshold.Reached(0.99));
}
