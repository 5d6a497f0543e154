using StackExchange.Redis;

namespace MeteringGateway.Credits;

/// <summary>The balances that Redis has, for whoever holds them against the books.</summary>
internal sealed class RedisBalanceReader(RedisConnection redis, PartitionMap map)
{
    /// <summary>Accounts that Redis does not know, or that it did not answer for, are left out.</summary>
    public async Task<IReadOnlyDictionary<long, long>> ReadAsync(IReadOnlyList<long> accounts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var replies = await Task.WhenAll(accounts.Select(account =>
            redis.ExecuteAsync("HGET", (RedisKey)PartitionMap.Account(map.Of(account), account), "balance")));
        var balances = new Dictionary<long, long>(accounts.Count);
        for (var i = 0; i < replies.Length; i++)
        {
            if (replies[i].Answered && (RedisValue)replies[i].Result! is { IsNull: false } balance)
            {
                balances[accounts[i]] = (long)balance;
            }
        }

        return balances;
    }
}
