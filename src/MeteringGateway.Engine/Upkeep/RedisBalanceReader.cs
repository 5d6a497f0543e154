using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Verifying;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Upkeep;

/// <summary>Reads balances from Redis for the comparison with the ledger. Any number of callers at once.</summary>
internal sealed class RedisBalanceReader(RedisConnection redis, Partitions partitions)
{
    public async Task<RedisLook> ReadAsync(IReadOnlyList<long> accounts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = redis.ConnectionNumber;
        var replies = await Task.WhenAll(accounts.Select(account =>
            redis.ExecuteAsync("HMGET", (RedisKey)PartitionMap.Account(partitions.Map.Of(account), account), "balance", "ep")));
        var (balances, unanswered) = (new Dictionary<long, long>(accounts.Count), new HashSet<long>());
        for (var i = 0; i < replies.Length; i++)
        {
            // A balance from a Redis that is not verified yet, perhaps after a failover, is no evidence.
            var partition = partitions.Map.Of(accounts[i]);
            var epoch = partitions.Epoch(partition);
            if (!replies[i].Answered || epoch == 0 || !partitions.IsVerifiedOn(partition, connection))
            {
                unanswered.Add(accounts[i]);
            }
            else if ((RedisValue[])replies[i].Result! is [{ IsNull: false } balance, var loadedUnder] && loadedUnder == epoch)
            {
                balances[accounts[i]] = (long)balance;
            }
        }

        return redis.ConnectionNumber == connection
            ? new RedisLook(balances, unanswered)
            : new RedisLook(new Dictionary<long, long>(), [.. accounts]);
    }
}
