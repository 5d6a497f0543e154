using MeteringGateway.Scenarios.Model;

namespace MeteringGateway.Scenarios.Contention.Money;

/// <summary>Each call changes the same balance and appends to the same chain of entries.</summary>
internal static class HotAccount
{
    public static Scenario Scenario => Scenario
        .Named("hot-account", "Every call is paid by one account: all compete for one balance and one sequence of entries.")
        .By(rate: 400, TimeSpan.FromSeconds(15))
        .CalledBy((target, _, _) => Task.FromResult(target.Keys.First(1)))
        .Step("query", call => call.Calls.QueryAsync(call.AnyKey, call.Cancellation))
        .Expect(
            Threshold.Only(Response.Charged), Threshold.P99(TimeSpan.FromMilliseconds(750)), Threshold.Reached(0.98));
}
