using Dapper;
using MeteringGateway.Accounts;
using MeteringGateway.Storage;
using Npgsql;

namespace MeteringGateway.Keys;

/// <summary>
/// Takes changes of accounts and keys to Redis that did not get there with their request: Redis was away, or the gateway died in between.
/// Any number of gateways may do it at once; the rows' versions keep Redis from going back.
/// </summary>
internal sealed class ConfigurationSync(NpgsqlDataSource books, AccountStore accounts, KeyStore keys, TimeProvider time, ILogger<ConfigurationSync> logger) : BackgroundService
{
    private static readonly string UnappliedAccounts = SqlFile.Read("Accounts/list-unapplied.sql");
    private static readonly string UnappliedKeys = SqlFile.Read("Keys/list-unapplied.sql");
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const int BatchSize = 200;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Taking changes of accounts and keys to Redis", Pause, SyncAsync, time, logger, stoppingToken);

    internal async Task SyncAsync(CancellationToken cancellationToken)
    {
        // A partition that is not served yet keeps its rows waiting; those of others must not wait with them, so nothing stops at the first that fails.
        foreach (var account in await ListAsync<UnappliedAccount>(UnappliedAccounts, cancellationToken))
        {
            await accounts.ApplyAsync(account.Id, account.Version, cancellationToken);
        }

        foreach (var key in await ListAsync<UnappliedKey>(UnappliedKeys, cancellationToken))
        {
            await keys.ApplyAsync(key.AccountId, key.Id, key.Version, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<TRow>> ListAsync<TRow>(string statement, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<TRow>(new CommandDefinition(statement, new { limit = BatchSize }, cancellationToken: cancellationToken))];
    }

    private sealed record UnappliedAccount
    {
        public long Id { get; init; }
        public long Version { get; init; }
    }

    private sealed record UnappliedKey
    {
        public long Id { get; init; }
        public long AccountId { get; init; }
        public long Version { get; init; }
    }
}
