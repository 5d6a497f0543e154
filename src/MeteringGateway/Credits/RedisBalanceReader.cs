using StackExchange.Redis;

namespace MeteringGateway.Credits;

/// <summary>The balances that Redis has, for whoever holds them against the books.</summary>
internal sealed class RedisBalanceReader(RedisConnection redis, PartitionMap map)
{
    /// <summary>Accounts that Redis does not know, that are of an epoch before the last recovery, or that it did not answer for, are left out.</summary>
    public async Task<IReadOnlyDictionary<long, long>> ReadAsync(IReadOnlyList<long> accounts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var partitions = accounts.Select(map.Of).Distinct().ToList();
        var metas = await Task.WhenAll(partitions.Select(partition => redis.ExecuteAsync("HGET", (RedisKey)PartitionMap.Meta(partition), "epoch")));
        var epochs = partitions.Zip(metas).Where(pair => pair.Second.Answered).ToDictionary(pair => pair.First, pair => (RedisValue)pair.Second.Result!);
        var replies = await Task.WhenAll(accounts.Select(account =>
            redis.ExecuteAsync("HMGET", (RedisKey)PartitionMap.Account(map.Of(account), account), "balance", "ep")));
        var balances = new Dictionary<long, long>(accounts.Count);
        for (var i = 0; i < replies.Length; i++)
        {
            if (replies[i].Answered && (RedisValue[])replies[i].Result! is [{ IsNull: false } balance, var epoch] && epochs.TryGetValue(map.Of(accounts[i]), out var current) && epoch == current)
            {
                balances[accounts[i]] = (long)balance;
            }
        }

        return balances;
    }
}
