using MeteringGateway.Ledger;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Credits;

internal static class CreditsRegistration
{
    /// <summary>The engine on Redis; <paramref name="redis"/> is its connection string.</summary>
    public static IServiceCollection AddCredits(this IServiceCollection services, string redis) => services
        .AddSingleton<Partitions>()
        .AddSingleton(provider => new RedisConnection(redis, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RedisConnection>>()))
        .AddSingleton(provider => provider.GetRequiredService<IOptions<CreditsOptions>>().Value)
        .AddSingleton<ScriptRunner>()
        .AddSingleton<StateLoader>()
        .AddSingleton<UnsettledStore>()
        .AddSingleton<Settlement>()
        .AddSingleton<CreditStore>()
        .AddSingleton<StoreInspector>()
        .AddSingleton<WriteProbe>()
        .AddSingleton<MoneyIn>()
        .AddSingleton<CreditMovement>(provider => provider.GetRequiredService<MoneyIn>().CreditAsync)
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
