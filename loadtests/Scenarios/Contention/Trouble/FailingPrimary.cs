using System.Globalization;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Targets;

namespace MeteringGateway.Scenarios.Contention.Trouble;

/// <summary>The first provider of the chain answers 503 to all calls for a third of the time: customers must not notice.</summary>
internal static class FailingPrimary
{
    public static Scenario Scenario => Scenario
        .Named("failing-primary", "The first provider fails every call for a while: the second one answers, for the same price.")
        .OnLocalStackOnly("it makes its own provider fail")
        .By(rate: 150, TimeSpan.FromSeconds(15))
        .CalledBy((target, _, _) => Task.FromResult(target.Keys.First(100)))
        .Step("query", call => call.Calls.QueryAsync(call.AnyKey, call.Cancellation, LocalStack.Chained))
        .Meanwhile(async (stack, dose, cancellation) =>
        {
            await Task.Delay(dose.Part(0.3), TimeProvider.System, cancellation);
            var (backup, primary) = (stack.Backup.Calls, stack.Primary.Calls);
            stack.Primary.Script = _ => ProviderTurn.Down;
            await Task.Delay(dose.Part(0.3), TimeProvider.System, cancellation);
            (backup, primary) = (stack.Backup.Calls - backup, stack.Primary.Calls - primary);
            stack.Heal();
            return
            [
                new Threshold("the backup answered meanwhile", ThresholdKind.Exact, _ => (Calls(backup), backup > 0)),
                new Threshold("its circuit spares the primary: asked by ≤ half of the calls", ThresholdKind.Exact, _ =>
                    (Calls(primary), primary * 2 <= backup + primary)),
            ];
        })
        .Expect(Threshold.Only(Response.Charged), Threshold.P99(TimeSpan.FromMilliseconds(750)), Threshold.Reached(0.98));

    private static string Calls(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} calls");
}
