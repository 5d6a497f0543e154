using MeteringGateway.Configuration;
using MeteringGateway.Ledger;
using MeteringGateway.Surfaces;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Credits;

internal static class CreditsRegistration
{
    /// <summary>The engine on the Redis of <c>ConnectionStrings:Redis</c>.</summary>
    public static IServiceCollection AddCredits(this IServiceCollection services) => services
        .AddSingleton<Partitions>()
        .AddSingleton(provider => new RedisConnection(
            RedisAddress.Parse(provider.GetRequiredService<IOptions<ConnectionStringOptions>>().Value.Redis),
            new WorkingTime(provider.GetRequiredService<TimeProvider>(), RedisConnection.CallDeadline),
            provider.GetRequiredService<ILogger<RedisConnection>>()))
        .AddSingleton<EngineMetrics>()
        .AddSingleton<LongestHold>(provider =>
        {
            var (surfaces, options) = (provider.GetRequiredService<SurfaceSource>(), provider.GetRequiredService<CreditsOptions>());
            return () => surfaces.Current.LongestCall + options.HoldGrace;
        })
        .AddSingleton(provider => provider.GetRequiredService<IOptions<CreditsOptions>>().Value)
        .AddSingleton<ScriptRunner>()
        .AddSingleton<StateLoader>()
        .AddSingleton<UnsettledStore>()
        .AddSingleton<Settlement>()
        .AddSingleton<CreditStore>()
        .AddSingleton<StoreInspector>()
        .AddSingleton<WriteProbe>()
        .AddSingleton<MoneyIn>()
        .AddSingleton<IMoneyIn>(provider => provider.GetRequiredService<MoneyIn>())
        .AddSingleton<Outbox>()
        .AddSingleton<ILedgerOutbox>(provider => provider.GetRequiredService<Outbox>())
        .AddSingleton<RedisBalanceReader>()
        .AddSingleton<PartitionRecovery>()
        .AddSingleton<RedisBalances>(provider => provider.GetRequiredService<RedisBalanceReader>().ReadAsync)
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<RedisComparison>(provider, provider.GetRequiredService<RedisBalances>()))
        .AddSingleton<Reconciler>()
        .AddHostedService(provider => provider.GetRequiredService<Reconciler>())
        .AddSingleton<Recovery>()
        .AddHostedService(provider => provider.GetRequiredService<Recovery>())
        .AddSingleton<HoldReaper>()
        .AddHostedService(provider => provider.GetRequiredService<HoldReaper>())
        .AddHostedService(provider => provider.GetRequiredService<Settlement>());
}
