using System.Globalization;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Results;

namespace MeteringGateway.Scenarios.Contention.Traffic;

/// <summary>
/// More than the machine can do, on purpose: up to where it keeps up is the finding. Beyond it calls may wait or be refused with
/// <c>overloaded</c>; none may be lost or charged wrongly.
/// </summary>
internal static class RampToSaturation
{
    /// <summary>Below it something is broken, not slow: a tenth of what two busy processors do.</summary>
    private const double LeastPerSecond = 100;

    private static readonly TimeSpan s_keptUp = TimeSpan.FromMilliseconds(500);

    public static Scenario Scenario => Scenario
        .Named("ramp-to-saturation", "A rate that rises until the machine can no more: calls compete for its processors.")
        .By(rate: 4000, TimeSpan.FromSeconds(20))
        .CalledBy((target, _, _) => Task.FromResult(target.Keys.First(1000)))
        .Simulate(dose => [new RampingInject(dose.Rate, dose.During)])
        .Step("query", call => call.Calls.QueryAsync(call.AnyKey, call.Cancellation))
        .Expect(
            Threshold.Only(Response.Charged, "overloaded", Response.NotSent),
            new Threshold("kept up to at least 100 calls/s", ThresholdKind.Timing, result =>
            {
                var kept = KeptUpTo(result);
                return (string.Create(CultureInfo.InvariantCulture, $"up to {kept:N0} calls/s (p99 ≤ {s_keptUp.TotalMilliseconds:N0} ms)"),
                    kept >= LeastPerSecond);
            }));

    /// <summary>The rate of the last second before the first one whose calls were late or refused.</summary>
    public static double KeptUpTo(ScenarioResult result) => result.Seconds
        .TakeWhile(second => second.P99 <= s_keptUp && second.Calls == second.Outcomes.GetValueOrDefault(Response.Charged))
        .Where(second => second.Second < result.Length.TotalSeconds)
        .Select(second => second.Wanted)
        .DefaultIfEmpty(0)
        .Max();
}
