using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Reading;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Loading;

/// <summary>
/// Loads many accounts and keys at once. The outbox is flushed first: while Redis does not know an account no script can add an entry of
/// it, so the ledger is complete. Any number of callers at once.
/// <list type="number">
/// <item>Note the epoch of each partition: what is read from here on may be written under this epoch only, for after a recovery another
/// gateway may have loaded the account and charged it.</item>
/// <item>Flush the partitions.</item>
/// <item>Read all accounts and all keys, one statement each.</item>
/// <item>Write those of each partition with one script, which leaves what others have loaded meanwhile.</item>
/// </list>
/// A partition that can't be flushed or written fails alone.
/// </summary>
internal sealed class LoadBatch(ScriptRunner scripts, Partitions partitions, StateReader reader, Flusher flusher)
{
    /// <summary>Completes every request, whatever happens.</summary>
    public async Task LoadAsync(IReadOnlyList<LoadRequest> requests)
    {
        try
        {
            // Steps 1 and 2
            var groups = requests.GroupBy(request => request.Partition)
                .Select(group => (Partition: group.Key, Epoch: partitions.Epoch(group.Key), Requests: group.ToList())).ToList();
            var flushed = await Task.WhenAll(groups.Select(group => FlushAsync(group.Partition, group.Requests)));
            var left = groups.Where((_, i) => flushed[i]).ToList();

            // Step 3
            var accounts = await reader.ReadAccountsAsync(
                [.. left.SelectMany(group => group.Requests).Select(request => request.AccountId).Distinct()], CancellationToken.None);
            long[] ids = [.. left.SelectMany(group => group.Requests).Select(request => request.KeyId).Where(id => id != 0).Distinct()];
            var keys = ids.Length == 0 ? new Dictionary<long, KeyFacts>() : await reader.ReadKeysAsync(ids, CancellationToken.None);

            // Step 4
            await Task.WhenAll(left.Select(group => WriteAsync(group.Partition, group.Epoch, group.Requests, accounts, keys)));
        }
        catch (Exception e)
        {
            foreach (var request in requests)
            {
                request.Fail(e);
            }
        }
    }

    private async Task<bool> FlushAsync(int partition, List<LoadRequest> requests)
    {
        try
        {
            if (await flusher.DrainAsync(partition, CancellationToken.None))
            {
                return true;
            }

            throw new StoreUnavailableException("the partition is being recovered");
        }
        catch (Exception e)
        {
            requests.ForEach(request => request.Fail(e));
            return false;
        }
    }

    private async Task WriteAsync(
        int partition, long epoch, List<LoadRequest> requests, IReadOnlyDictionary<long, AccountFacts> accounts,
        IReadOnlyDictionary<long, KeyFacts> keys)
    {
        var known = requests.Where(request => accounts.ContainsKey(request.AccountId)
            && (request.KeyId == 0 || (keys.TryGetValue(request.KeyId, out var key) && key.AccountId == request.AccountId))).ToHashSet();
        try
        {
            if (known.Count > 0)
            {
                var owners = known.Select(request => accounts[request.AccountId]).Distinct().ToList();
                var loaded = await scripts.RunUnderAsync(
                    epoch, LoadAnswer.Script, partition,
                    [
                        PartitionMap.Meta(partition), PartitionMap.Holds(partition),
                        .. owners.Select(account => (RedisKey)PartitionMap.Account(partition, account.Id)),
                        .. KeysOf(known).Select(id => (RedisKey)PartitionMap.Key(partition, id)),
                    ],
                    [owners.Count, .. owners.SelectMany(ValuesOf), .. KeysOf(known).SelectMany(id => ValuesOf(keys[id]))]);
                Check(loaded);
            }

            requests.ForEach(request => request.Complete(known.Contains(request)));
        }
        catch (Exception e)
        {
            requests.ForEach(request => request.Fail(e));
        }
    }

    private static IEnumerable<long> KeysOf(IEnumerable<LoadRequest> requests) =>
        requests.Select(request => request.KeyId).Where(id => id != 0).Distinct();

    private static RedisValue[] ValuesOf(AccountFacts account) =>
    [
        account.Id, account.Balance, account.Status, account.Version, account.MonthlyBudget ?? -1, account.Month, account.MonthSpent,
    ];

    private static RedisValue[] ValuesOf(KeyFacts key) =>
    [
        key.Id, .. KeyConfiguration.Of(key), key.Spent, key.Day, key.DaySpent, key.Week, key.WeekSpent, key.Month, key.MonthSpent,
    ];

    private static void Check(ScriptReply<LoadAnswer> loaded)
    {
        if (loaded.Answer.Status == LoadStatus.OtherFormat)
        {
            throw new StoreUnavailableException("a hold of its partition is of a format that only another version of the gateway knows");
        }
    }
}
