using System.Globalization;
using MeteringGateway.Scenarios.Model;

namespace MeteringGateway.Scenarios.Contention.Money;

/// <summary>
/// Each order is sent six times: in pairs a few milliseconds apart, of which one may be told that the other is under way, and again in two
/// later passes, which get the first answer. The price of an order is paid once.
/// </summary>
internal static class Repeats
{
    private const int Together = 2;
    private const int Passes = 3;

    public static Scenario Scenario => Scenario
        .Named("repeats", "Clients that send each call again, at once and later, with an Idempotency-Key: each is charged once.")
        .By(rate: 200, TimeSpan.FromSeconds(12))
        .CalledBy((target, _, _) => Task.FromResult(target.Keys.First(20)))
        .Simulate(dose => [.. Enumerable.Repeat(new Inject(dose.Rate, dose.Part(1.0 / Passes)), Passes)])
        .Step("query", call =>
        {
            var order = OrderOf(call.Number, RunsOfPass(call.Dose));
            var key = string.Create(CultureInfo.InvariantCulture, $"order-{call.Session}-{order}");
            return call.Calls.QueryAsync(call.Keys.All[(int)(order % call.Keys.All.Count)], call.Cancellation, idempotencyKey: key);
        })
        .Expect(dose =>
        [
            Threshold.Only(Response.Charged, Response.Replayed, "idempotency_in_progress"),
            Threshold.Some(Response.Replayed),
            new Threshold("charged: each order once", ThresholdKind.Exact, result =>
            {
                var orders = Enumerable.Range(0, (int)result.Calls).Select(number => OrderOf(number, RunsOfPass(dose))).Distinct().Count();
                var charged = result.Outcomes.GetValueOrDefault(Response.Charged);
                return (string.Create(CultureInfo.InvariantCulture, $"{charged:N0} of {orders:N0} orders"), charged == orders);
            }),
        ]);

    public static long RunsOfPass(Dose dose) => Arrivals.Count(new Inject(dose.Rate, dose.Part(1.0 / Passes)), 0);

    public static long OrderOf(long number, long runsOfPass) => number % Math.Max(1, runsOfPass) / Together;
}
