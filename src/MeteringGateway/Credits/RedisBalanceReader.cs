using StackExchange.Redis;

namespace MeteringGateway.Credits;

/// <summary>The balances that Redis has, for whoever holds them against the books.</summary>
internal sealed class RedisBalanceReader(RedisConnection redis, Partitions partitions)
{
    /// <summary>Accounts that Redis does not know, that are of an epoch before the last recovery, or that it did not answer for, are left out.</summary>
    public async Task<IReadOnlyDictionary<long, long>> ReadAsync(IReadOnlyList<long> accounts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = redis.Generation;
        var replies = await Task.WhenAll(accounts.Select(account =>
            redis.ExecuteAsync("HMGET", (RedisKey)PartitionMap.Account(partitions.Map.Of(account), account), "balance", "ep")));
        var balances = new Dictionary<long, long>(accounts.Count);
        for (var i = 0; i < replies.Length; i++)
        {
            // What was read of a Redis that nobody has proven yet, one behind a failover perhaps, says nothing.
            var partition = partitions.Map.Of(accounts[i]);
            if (replies[i].Answered && (RedisValue[])replies[i].Result! is [{ IsNull: false } balance, var epoch] && epoch == partitions.Epoch(partition) && partitions.IsProven(partition, connection))
            {
                balances[accounts[i]] = (long)balance;
            }
        }

        return redis.Generation == connection ? balances : new Dictionary<long, long>();
    }
}
