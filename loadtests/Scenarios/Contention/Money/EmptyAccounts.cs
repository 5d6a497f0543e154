using System.Globalization;
using MeteringGateway.Scenarios.Model;

namespace MeteringGateway.Scenarios.Contention.Money;

/// <summary>Customers that are out of credits and go on calling: refusals must be cheap, and reach no provider.</summary>
internal static class EmptyAccounts
{
    private const string Refusal = "insufficient_credits";

    public static Scenario Scenario => Scenario
        .Named("empty-accounts", "Nobody can pay: each call is refused before a provider is asked, and nothing is charged.")
        .OnLocalStackOnly("it makes accounts without credits")
        .By(rate: 300, TimeSpan.FromSeconds(10))
        .CalledBy((target, _, cancellation) => ((Targets.LocalStack)target).MakeAccountsAsync(20, 0, null, cancellation))
        .Step("query", call => call.Calls.QueryAsync(call.AnyKey, call.Cancellation))
        .Meanwhile((stack, _, _) =>
        {
            var before = stack.Primary.Calls;
            IReadOnlyList<Threshold> after =
            [
                new Threshold("no call reached a provider", ThresholdKind.Exact, _ =>
                    (string.Create(CultureInfo.InvariantCulture, $"{stack.Primary.Calls - before:N0}"), stack.Primary.Calls == before)),
            ];
            return Task.FromResult(after);
        })
        .Expect(Threshold.Only(Refusal), Threshold.ExactlyCharged(0), Threshold.Reached(0.98));
}
