using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Reading;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Loading;

/// <summary>Brings the changed row of an account or a key from PostgreSQL to Redis. Any number of callers at once.</summary>
internal sealed class ConfigurationPush(ScriptRunner scripts, Partitions partitions, StateReader reader, AccountLoader loader)
{
    private const int Tries = 3;

    /// <summary>False: Redis can't be reached now.</summary>
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
            ConfigureAnswer.Key, partition, PartitionMap.Key(partition, keyId), accountId, keyId, KeyConfiguration.Of(key),
            cancellationToken);
    }

    /// <summary>
    /// An account or key that is not loaded is loaded and then configured all the same: another gateway may have loaded the row as it was
    /// before the change.
    /// </summary>
    private async Task<bool> ConfigureAsync(
        GuardedScript<ConfigureAnswer> script, int partition, string name, long accountId, long keyId, RedisValue[] values,
        CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
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

            await loader.LoadAsync(accountId, keyId, cancellationToken);
        }

        return false;
    }
}
