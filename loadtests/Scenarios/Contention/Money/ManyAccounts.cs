using MeteringGateway.Scenarios.Model;

namespace MeteringGateway.Scenarios.Contention.Money;

/// <summary>No call finds its account in Redis: each loads one from PostgreSQL first.</summary>
internal static class ManyAccounts
{
    public static Scenario Scenario => Scenario
        .Named("many-accounts", "Each call has an account of its own, loaded from PostgreSQL at its first call: nothing is warm.")
        .By(rate: 200, TimeSpan.FromSeconds(15))
        .Step("query", call => call.Calls.QueryAsync(call.NextKey, call.Cancellation))
        .Expect(
            Threshold.Only(Response.Charged), Threshold.P99(TimeSpan.FromMilliseconds(1000)), Threshold.Reached(0.98));
}
