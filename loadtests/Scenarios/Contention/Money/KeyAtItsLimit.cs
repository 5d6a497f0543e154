using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Targets;

namespace MeteringGateway.Scenarios.Contention.Money;

/// <summary>
/// A key of 500 credits, called by far more than can have them at once: exactly 500 are charged, whatever the order. In the closed model,
/// for what is asked is how many at once, not how quick.
/// </summary>
internal static class KeyAtItsLimit
{
    private const int Limit = 500;

    public static Scenario Scenario => Scenario
        .Named("key-at-its-limit", "Callers at once compete for the last credits of one key's limit: exactly those are charged.")
        .OnLocalStackOnly("it makes a key with a limit")
        .By(rate: 48, TimeSpan.FromSeconds(8))
        .CalledBy((target, _, cancellation) => ((LocalStack)target).MakeAccountsAsync(1, 1_000_000, Limit, cancellation))
        .Simulate(dose => [new KeepConstant((int)Math.Ceiling(dose.Rate), dose.During)])
        .Step("query", call => call.Calls.QueryAsync(call.AnyKey, call.Cancellation))
        .Expect(
            Threshold.Only(Response.Charged, "key_limit_exceeded"), Threshold.Some("key_limit_exceeded"), Threshold.ExactlyCharged(Limit));
}
