using System.Globalization;
using MeteringGateway.Scenarios.Model;

namespace MeteringGateway.Scenarios.Contention.Trouble;

/// <summary>PostgreSQL is stopped under load: Redis decides alone, its outbox grows, and drains once PostgreSQL is back.</summary>
internal static class PostgresAway
{
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(60);

    public static Scenario Scenario => Scenario
        .Named("postgres-away", "PostgreSQL is gone for a third of the time: calls go on, and their entries wait in the outbox.")
        .OnLocalStackOnly("it stops its own PostgreSQL")
        .By(rate: 200, TimeSpan.FromSeconds(18))
        .CalledBy(async (target, _, cancellation) =>
        {
            // An account that is not in Redis can't be loaded meanwhile, which is another contention.
            var keys = target.Keys.First(50);
            await Task.WhenAll(keys.All.Select(key => target.Calls.QueryAsync(key, cancellation)));
            return keys;
        })
        .Step("query", call => call.Calls.QueryAsync(call.AnyKey, call.Cancellation))
        .Meanwhile(async (stack, dose, cancellation) =>
        {
            await Task.Delay(dose.Part(0.3), TimeProvider.System, cancellation);
            await stack.Stores.Postgres.StopAsync();
            await Task.Delay(dose.Part(0.3), TimeProvider.System, cancellation);
            var piled = await stack.Stores.Ledger.UnflushedAsync(cancellation);

            // Not under the token of the load: a run that is stopped by hand checks its ledger, too.
            await stack.Stores.Postgres.RestartAsync(CancellationToken.None);
            var drained = await stack.Stores.Ledger.SettleAsync(dose.Part(0.4) + s_drain, CancellationToken.None);
            return
            [
                new Threshold("entries waited in the outbox", ThresholdKind.Exact, _ =>
                    (string.Create(CultureInfo.InvariantCulture, $"{piled:N0} entries"), piled > 0)),
                new Threshold("the outbox was empty again", ThresholdKind.Exact, _ => (drained ? "yes" : "no", drained)),
            ];
        })
        .Expect(Threshold.Only(Response.Charged), Threshold.P99(TimeSpan.FromMilliseconds(750)), Threshold.Reached(0.98));
}
