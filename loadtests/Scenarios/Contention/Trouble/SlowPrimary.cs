using System.Globalization;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Targets;

namespace MeteringGateway.Scenarios.Contention.Trouble;

/// <summary>The first provider takes four times as long as an attempt may last: its callers wait for one attempt at most.</summary>
internal static class SlowPrimary
{
    private static readonly TimeSpan s_tooLong = LocalStack.AttemptTimeout * 4;

    public static Scenario Scenario => Scenario
        .Named("slow-primary", "The first provider takes longer than an attempt may last: calls pile up behind it, then go round it.")
        .OnLocalStackOnly("it makes its own provider slow")
        .By(rate: 150, TimeSpan.FromSeconds(15))
        .CalledBy((target, _, _) => Task.FromResult(target.Keys.First(100)))
        .Step("query", call => call.Calls.QueryAsync(call.AnyKey, call.Cancellation, LocalStack.Chained))
        .Meanwhile(async (stack, dose, cancellation) =>
        {
            await Task.Delay(dose.Part(0.3), TimeProvider.System, cancellation);
            var backup = stack.Backup.Calls;
            stack.Primary.Script = _ => new ProviderTurn(200, s_tooLong);
            await Task.Delay(dose.Part(0.3), TimeProvider.System, cancellation);
            backup = stack.Backup.Calls - backup;
            stack.Heal();
            return
            [
                new Threshold("the backup answered meanwhile", ThresholdKind.Exact, _ =>
                    (string.Create(CultureInfo.InvariantCulture, $"{backup:N0} calls"), backup > 0)),
            ];
        })
        .Expect(
            Threshold.Only(Response.Charged), Threshold.P99(LocalStack.AttemptTimeout + TimeSpan.FromMilliseconds(500)),
            Threshold.Reached(0.98));
}
