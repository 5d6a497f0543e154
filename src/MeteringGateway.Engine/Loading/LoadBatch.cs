using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Reading;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Loading;

/// <summary>
/// Loads many accounts and keys at once. The ledger must have all their entries: while Redis does not know an account no script can add
/// one, so the outbox is flushed first if it has any of theirs, which it has only where Redis has lost their state alone.
/// Any number of callers at once.
/// <list type="number">
/// <item>Note the epoch of each partition: what is read from here on may be written under this epoch only, for after a recovery another
/// gateway may have loaded the account and charged it.</item>
/// <item>Flush each partition whose outbox has entries of the accounts.</item>
/// <item>Read all accounts and all keys, one statement each, both at once.</item>
/// <item>Write those of each partition with one script, which leaves what others have loaded meanwhile.</item>
/// </list>
/// A partition that can't be flushed or written fails alone.
/// </summary>
internal sealed class LoadBatch(ScriptRunner scripts, Partitions partitions, StateReader reader, Flusher flusher)
{
    private static readonly Task<IReadOnlyDictionary<long, KeyFacts>> s_noKeys =
        Task.FromResult<IReadOnlyDictionary<long, KeyFacts>>(new Dictionary<long, KeyFacts>());

    /// <summary>Completes every request, whatever happens; those of a partition that must be flushed first later than the others.</summary>
    public async Task LoadAsync(IReadOnlyList<LoadRequest> requests)
    {
        // Step 1
        var groups = requests.GroupBy(request => request.Partition)
            .Select(group => new Group(group.Key, partitions.Epoch(group.Key), [.. group])).ToList();
        var clear = await Task.WhenAll(groups.Select(IsClearAsync));

        // Step 2, beside the others: a partition whose flush stands still holds up no load of another.
        foreach (var group in groups.Where((_, i) => !clear[i]))
        {
            _ = FlushAndLoadAsync(group);
        }

        await ReadAndWriteAsync([.. groups.Where((_, i) => clear[i])]);
    }

    /// <summary>Does the outbox have no entry of these accounts? False also where Redis does not say.</summary>
    private async Task<bool> IsClearAsync(Group group)
    {
        try
        {
            var waiting = await scripts.RunUnderAsync(
                group.Epoch, WaitingAnswer.Script, group.Partition,
                [PartitionMap.Meta(group.Partition), PartitionMap.Outbox(group.Partition)],
                [.. group.Requests.Select(request => (RedisValue)request.AccountId)]);
            return waiting is { Outcome: ScriptOutcome.Answered, Answer.Status: WaitingStatus.Clear };
        }
        catch (Exception e)
        {
            group.Fail(e);
            return false;
        }
    }

    private async Task FlushAndLoadAsync(Group group)
    {
        try
        {
            if (await flusher.DrainAsync(group.Partition, CancellationToken.None))
            {
                await ReadAndWriteAsync([group]);
                return;
            }

            group.Fail(new StoreUnavailableException("the partition is being recovered"));
        }
        catch (Exception e)
        {
            group.Fail(e);
        }
    }

    private async Task ReadAndWriteAsync(List<Group> groups)
    {
        try
        {
            // Step 3
            var requests = groups.SelectMany(group => group.Requests).ToList();
            if (requests.Count == 0)
            {
                return;
            }

            long[] keyIds = [.. requests.Select(request => request.KeyId).Where(id => id != 0).Distinct()];
            var accounts = reader.ReadAccountsAsync(
                [.. requests.Select(request => request.AccountId).Distinct()], CancellationToken.None);
            var keys = keyIds.Length == 0 ? s_noKeys : reader.ReadKeysAsync(keyIds, CancellationToken.None);
            await Task.WhenAll(accounts, keys);

            // Step 4
            await Task.WhenAll(groups.Select(
                group => WriteAsync(group.Partition, group.Epoch, group.Requests, accounts.Result, keys.Result)));
        }
        catch (Exception e)
        {
            groups.ForEach(group => group.Fail(e));
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

    /// <summary>The requests of one partition, and the epoch under which what is read for them may be written.</summary>
    private sealed record Group(int Partition, long Epoch, List<LoadRequest> Requests)
    {
        public void Fail(Exception reason) => Requests.ForEach(request => request.Fail(reason));
    }
}
