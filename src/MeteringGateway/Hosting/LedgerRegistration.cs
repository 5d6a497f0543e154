using MeteringGateway.Ledger;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Reading;
using MeteringGateway.Ledger.Schema;
using MeteringGateway.Ledger.Verifying;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace MeteringGateway.Hosting;

/// <summary>
/// Registers the ledger. It needs an <see cref="NpgsqlDataSource"/>, an <see cref="IOutbox"/> and bound <see cref="LedgerOptions"/>;
/// a <see cref="RedisBalances"/> lets the verification look at Redis too.
/// </summary>
internal static class LedgerRegistration
{
    public static IServiceCollection AddLedger(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IReadOnlyList<Migration>>(_ => Migration.Embedded());
        services.AddSingleton<Migrator>();
        services.AddSingleton<PartitionSetup>();
        services.AddSingleton<LedgerStartup>();
        services.TryAddSingleton(provider => provider.GetRequiredService<PartitionSetup>().Map);
        services.AddSingleton<PartitionEpochs>();
        services.AddSingleton<EpochStore>();
        services.AddSingleton<StateReader>();
        services.AddSingleton<DriftExplainer>();
        services.AddSingleton<LedgerMetrics>();
        services.AddSingleton<LedgerWriter>();
        services.AddSingleton<Flusher>();
        services.AddSingleton<BooksFlush>();
        services.AddHostedService(provider => provider.GetRequiredService<Flusher>());
        services.AddPeriodicWork<WaitingRows>(
            "The count of poison messages and disputed commits", WaitingRows.Pause,
            (rows, cancellationToken) => rows.LookAsync(cancellationToken));
        services.AddSingleton<WholeLedger>();
        services.AddSingleton<LedgerReader>();
        services.AddSingleton<BalanceAt>();
        services.AddSingleton(provider => new LedgerVerifier(
            provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<Flusher>(),
            provider.GetService<RedisBalances>() is { } balances
                ? ActivatorUtilities.CreateInstance<RedisComparison>(provider, balances)
                : null));
        return services;
    }
}
