using System.Globalization;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Reading;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Loading;

/// <summary>
/// Makes Redis know an account or a key that it does not know, from the ledger.
/// The outbox is flushed first: while Redis does not know the account no script can add to it, so what PostgreSQL then says
/// is all there is.
/// </summary>
internal sealed class AccountLoader(ScriptRunner scripts, Partitions partitions, StateReader reader, Flusher flusher)
{
    /// <summary>Loads the account and, unless it is 0, the key. False: one of them does not exist.</summary>
    public async Task<bool> LoadAsync(long accountId, long keyId, CancellationToken cancellationToken)
    {
        var partition = partitions.Map.Of(accountId);

        // What is read from here on may be written only under this epoch: after a recovery another gateway may have loaded
        // and charged more.
        var epoch = partitions.Epoch(partition);
        if (!await flusher.DrainAsync(partition, cancellationToken))
        {
            throw new StoreUnavailableException("the partition is being recovered");
        }

        var account = await reader.ReadAccountAsync(accountId, cancellationToken);
        if (account is null)
        {
            return false;
        }

        var loaded = await scripts.RunUnderAsync(epoch, LoadAnswer.Account, partition,
            [PartitionMap.Meta(partition), PartitionMap.Account(partition, accountId), PartitionMap.Holds(partition)],
            accountId, account.Balance, account.Status, account.Version, account.MonthlyBudget ?? -1, account.Month, account.MonthSpent);
        Check(loaded);
        if (keyId == 0)
        {
            return true;
        }

        var key = await reader.ReadKeyAsync(keyId, cancellationToken);
        if (key is null || key.AccountId != accountId)
        {
            return false;
        }

        loaded = await scripts.RunUnderAsync(epoch, LoadAnswer.Key, partition,
            [PartitionMap.Meta(partition), PartitionMap.Key(partition, keyId), PartitionMap.Holds(partition)],
            [keyId, .. Configuration(key), key.Spent, key.Day, key.DaySpent, key.Week, key.WeekSpent, key.Month, key.MonthSpent]);
        Check(loaded);
        return true;
    }

    private static void Check(ScriptReply<LoadAnswer> loaded)
    {
        if (loaded.Answer.Status == LoadStatus.OtherFormat)
        {
            throw new StoreUnavailableException("a hold of its partition is of a format that only another version of the gateway knows");
        }
    }

    /// <summary>
    /// Has the call been charged, by all that Redis has done up to now? Null: the partition is being recovered, so it can't be said yet.
    /// </summary>
    public async Task<bool?> IsChargedAsync(long accountId, string requestId, CancellationToken cancellationToken)
    {
        if (!await flusher.DrainAsync(partitions.Map.Of(accountId), cancellationToken))
        {
            return null;
        }

        return await reader.ReadBalanceAfterAsync(requestId, cancellationToken) is not null;
    }

    /// <summary>Brings a changed row to Redis. False: Redis can't be reached now.</summary>
    public async Task<bool> ConfigureAccountAsync(long accountId, CancellationToken cancellationToken)
    {
        var partition = partitions.Map.Of(accountId);
        if (await reader.ReadAccountAsync(accountId, cancellationToken) is not { } account)
        {
            return true;
        }

        return await ConfigureAsync(ConfigureAnswer.Account, partition, PartitionMap.Account(partition, accountId), accountId, 0,
            [account.Version, account.Status, account.MonthlyBudget ?? -1], cancellationToken);
    }

    /// <inheritdoc cref="ConfigureAccountAsync"/>
    public async Task<bool> ConfigureKeyAsync(long accountId, long keyId, CancellationToken cancellationToken)
    {
        var partition = partitions.Map.Of(accountId);
        if (await reader.ReadKeyAsync(keyId, cancellationToken) is not { } key)
        {
            return true;
        }

        return await ConfigureAsync(
            ConfigureAnswer.Key, partition, PartitionMap.Key(partition, keyId), accountId, keyId, Configuration(key), cancellationToken);
    }

    /// <summary>
    /// What is not loaded is loaded first, and then told again: another gateway may have loaded it from the row as it was before.
    /// </summary>
    private async Task<bool> ConfigureAsync(
        GuardedScript<ConfigureAnswer> script, int partition, string name, long accountId, long keyId, RedisValue[] values,
        CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var reply = await scripts.RunAsync(script, partition, [PartitionMap.Meta(partition), name], values);
            if (reply.IsUnavailable)
            {
                return false;
            }

            if (reply.Outcome != ScriptOutcome.NotLoaded)
            {
                return true;
            }

            await LoadAsync(accountId, keyId, cancellationToken);
        }

        return false;
    }

    private static RedisValue[] Configuration(KeyFacts key) =>
    [
        key.Version, key.Status, key.SecretVersion, Milliseconds(key.PreviousSecretUntil),
        Milliseconds(key.ExpiresAt), Packed(key.Surfaces), key.RateLimitPerMinute ?? 0,
        key.LimitFixed ?? -1, key.LimitDaily ?? -1, key.LimitWeekly ?? -1, key.LimitMonthly ?? -1,
    ];

    private static long Milliseconds(DateTime? instant) => instant is { } utc ? new DateTimeOffset(utc).ToUnixTimeMilliseconds() : 0;

    /// <summary>A key that may call nothing still has a list: an empty text means all.</summary>
    private static string Packed(string[]? surfaces) =>
        surfaces is null ? "" : string.Create(CultureInfo.InvariantCulture, $"|{string.Join('|', surfaces)}|");
}
