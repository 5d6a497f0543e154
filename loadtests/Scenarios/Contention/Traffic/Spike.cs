using MeteringGateway.Scenarios.Model;

namespace MeteringGateway.Scenarios.Contention.Traffic;

/// <summary>A tenth of the rate, then all of it at once, then a tenth again: queues that the spike fills must be gone after it.</summary>
internal static class Spike
{
    public static Scenario Scenario => Scenario.Named("spike", "Ten times the rate from one moment to the next, and back.")
        .By(rate: 600, TimeSpan.FromSeconds(15))
        .CalledBy((target, _, _) => Task.FromResult(target.Keys.First(100)))
        .Simulate(dose =>
        [
            new Inject(dose.Rate / 10, dose.Part(0.3)),
            new Inject(dose.Rate, dose.Part(0.3)),
            new Inject(dose.Rate / 10, dose.Part(0.4)),
        ])
        .Step("query", call => call.Calls.QueryAsync(call.AnyKey, call.Cancellation))
        .Expect(
            Threshold.Only(Response.Charged), Threshold.P99(TimeSpan.FromMilliseconds(1500)), Threshold.Reached(0.98),
            Threshold.Recovered(0.2));
}
