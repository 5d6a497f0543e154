using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Verifying;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Upkeep;

/// <summary>The balances that Redis has, for whoever holds them against the books.</summary>
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
            // What was read of a Redis that nobody has proven yet, one behind a failover perhaps, says nothing.
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
