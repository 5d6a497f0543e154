using MeteringGateway.Scenarios.Model;

namespace MeteringGateway.Scenarios.Contention.Trouble;

/// <summary>
/// Redis ends and comes back on its own data under load. Calls of that moment are refused with 503, for nobody can say what a call may
/// cost; from then on all goes on, and nothing is lost or taken twice.
/// </summary>
internal static class RedisRestart
{
    public static Scenario Scenario => Scenario
        .Named("redis-restart", "Redis restarts under load: calls are refused for a moment, and no credit is lost or taken twice.")
        .OnLocalStackOnly("it stops its own Redis")
        .By(rate: 200, TimeSpan.FromSeconds(18))
        .CalledBy((target, _, _) => Task.FromResult(target.Keys.First(50)))
        .Step("query", call => call.Calls.QueryAsync(call.AnyKey, call.Cancellation))
        .Meanwhile(async (stack, dose, cancellation) =>
        {
            await Task.Delay(dose.Part(0.3), TimeProvider.System, cancellation);
            await stack.Stores.Redis.StopAsync();
            await stack.Stores.Redis.RestartAsync(CancellationToken.None);
            stack.Stores.Ledger.Reconnect();
            return [];
        })
        .Expect(
            Threshold.Only(Response.Charged, "metering_unavailable"), Threshold.Some("metering_unavailable"),
            Threshold.Share("metering_unavailable", 0.4), Threshold.Recovered(0.2));
}
