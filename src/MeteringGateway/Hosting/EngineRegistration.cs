using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Configuration;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Calls.Batching;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Loading.Batches;
using MeteringGateway.Engine.Movements;
using MeteringGateway.Engine.Outbox;
using MeteringGateway.Engine.Recovery;
using MeteringGateway.Engine.Repeats;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Engine.Upkeep;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Reading;
using MeteringGateway.Ledger.Verifying;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Hosting;

internal static class EngineRegistration
{
    /// <summary>The engine on the Redis of <c>ConnectionStrings:Redis</c>.</summary>
    public static IServiceCollection AddEngine(this IServiceCollection services) => services
        .AddSingleton<Partitions>()
        .AddSingleton(Connection)
        .AddSingleton<EngineMetrics>()
        .AddSingleton<LongestHold>(provider =>
        {
            var (surfaces, options) = (provider.GetRequiredService<SurfaceSource>(), provider.GetRequiredService<CreditsOptions>());
            return () => surfaces.Current.LongestCall + options.HoldGrace;
        })
        .AddSingleton(provider => provider.GetRequiredService<IOptions<CreditsOptions>>().Value)
        .AddSingleton<ScriptRunner>()
        .AddSingleton<CallLanes>()
        .AddSingleton<LoadBatch>()
        .AddSingleton<AccountLoader>()
        .AddSingleton<AccountPreload>()
        .AddHostedService(provider => provider.GetRequiredService<AccountPreload>())
        .AddSingleton<ConfigurationPush>()
        .AddSingleton<LedgerLookup>()
        .AddSingleton<DisputedCommits>()
        .AddSingleton<DisputeSettlement>()
        .AddSingleton<RepeatLookup>()
        .AddSingleton<HoldRelease>()
        .AddSingleton<HoldExtension>()
        .AddSingleton<CallCredits>()
        .AddSingleton<KeyInspector>()
        .AddSingleton(provider => new KeptAnswers(
            provider.GetRequiredService<RedisConnection>(), provider.GetRequiredService<PartitionMap>(),
            provider.GetRequiredService<IOptions<IdempotencyOptions>>().Value.MaxBytes))
        .AddSingleton<CallClaims>()
        .AddSingleton<WriteProbe>()
        .AddSingleton<CreditMovements>()
        .AddSingleton<ICreditMovements>(provider => provider.GetRequiredService<CreditMovements>())
        .AddSingleton<RedisOutbox>()
        .AddSingleton<IOutbox>(provider => provider.GetRequiredService<RedisOutbox>())
        .AddSingleton<RedisBalanceReader>()
        .AddSingleton<PartitionRecovery>()
        .AddSingleton<RedisBalances>(provider => provider.GetRequiredService<RedisBalanceReader>().ReadAsync)
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<RedisComparison>(
            provider, provider.GetRequiredService<RedisBalances>()))
        .AddSingleton<Reconciler>()
        .AddHostedService(provider => provider.GetRequiredService<Reconciler>())
        .AddSingleton<PartitionSupervisor>()
        .AddHostedService(provider => provider.GetRequiredService<PartitionSupervisor>())
        .AddSingleton<HoldExpiry>()
        .AddHostedService(provider => provider.GetRequiredService<HoldExpiry>())
        .AddHostedService(provider => provider.GetRequiredService<DisputeSettlement>());

    private static RedisConnection Connection(IServiceProvider provider)
    {
        var connection = new RedisConnection(
            RedisAddress.Parse(provider.GetRequiredService<IOptions<ConnectionStringOptions>>().Value.Redis),
            new WorkingTime(provider.GetRequiredService<TimeProvider>(), RedisConnection.CallDeadline),
            provider.GetRequiredService<ILogger<RedisConnection>>());
        connection.Failed += provider.GetRequiredService<EngineMetrics>().RedisFailed;
        return connection;
    }
}
