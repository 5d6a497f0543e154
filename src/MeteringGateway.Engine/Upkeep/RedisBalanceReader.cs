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

        // MGET of one: where something else stands under an account's name, it is nothing, and no error.
        var replies = await Task.WhenAll(accounts.Select(account =>
            redis.ExecuteAsync("MGET", (RedisKey)PartitionMap.Account(partitions.Map.Of(account), account))));
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
            else if ((byte[]?)replies[i].Result![0] is { } packed && PackedAccount.TryParse(packed, out var known) && known.Epoch == epoch)
            {
                balances[accounts[i]] = known.Balance;
            }
        }

        return redis.ConnectionNumber == connection
            ? new RedisLook(balances, unanswered)
            : new RedisLook(new Dictionary<long, long>(), [.. accounts]);
    }
}
