using MeteringGateway.Scenarios.Contention.Money;
using MeteringGateway.Scenarios.Contention.Traffic;
using MeteringGateway.Scenarios.Contention.Trouble;
using MeteringGateway.Scenarios.Model;

namespace MeteringGateway.Scenarios.Contention;

/// <summary>The scenarios that there are, in the order in which <c>list</c> shows them and <c>all</c> runs them.</summary>
internal static class AllScenarios
{
    public static IReadOnlyList<Scenario> InOrder { get; } =
    [
        Steady.Scenario, Spike.Scenario, RampToSaturation.Scenario, HotAccount.Scenario, ManyAccounts.Scenario, EmptyAccounts.Scenario,
        KeyAtItsLimit.Scenario, FailingPrimary.Scenario, SlowPrimary.Scenario, Streaming.Scenario, Repeats.Scenario, PostgresAway.Scenario,
        RedisRestart.Scenario,
    ];
}
