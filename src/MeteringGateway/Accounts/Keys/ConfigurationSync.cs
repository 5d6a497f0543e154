using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.Keys;

/// <summary>
/// Takes changes of accounts and keys to Redis that did not get there with their request: Redis was away, or the gateway died in between.
/// Any number of gateways may do it at once; the rows' versions keep Redis from going back.
/// </summary>
internal sealed class ConfigurationSync(
    NpgsqlDataSource database, AccountStore accounts, KeyStore keys, TimeProvider time, ILogger<ConfigurationSync> logger)
    : BackgroundService
{
    private static readonly string UnappliedAccounts = SqlFile.Read("Accounts/Accounts/list-unapplied.sql");
    private static readonly string UnappliedKeys = SqlFile.Read("Accounts/Keys/list-unapplied.sql");
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const int PageSize = 200;

    // Each on its own: a revoked key must not wait for an account.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RetryLoop.RunAsync("Taking changes of accounts to Redis", Pause, SyncAccountsAsync, time, logger, stoppingToken),
        RetryLoop.RunAsync("Taking changes of keys to Redis", Pause, SyncKeysAsync, time, logger, stoppingToken));

    private Task SyncAccountsAsync(CancellationToken cancellationToken) => Sweep.RunAsync(
        0L, after => ListAsync<UnappliedAccount>(UnappliedAccounts, after, cancellationToken), account => account.Id,
        account => accounts.ApplyAsync(account.Id, account.Version, cancellationToken), logger, cancellationToken);

    private Task SyncKeysAsync(CancellationToken cancellationToken) => Sweep.RunAsync(
        0L, after => ListAsync<UnappliedKey>(UnappliedKeys, after, cancellationToken), key => key.Id,
        key => keys.ApplyAsync(key.AccountId, key.Id, key.Version, cancellationToken), logger, cancellationToken);

    private Task<IReadOnlyList<TRow>> ListAsync<TRow>(string statement, long after, CancellationToken cancellationToken) =>
        database.QueryAsync<TRow>(statement, new { after, limit = PageSize }, cancellationToken);

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
