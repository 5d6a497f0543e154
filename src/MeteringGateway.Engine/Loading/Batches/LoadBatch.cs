using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Engine.Loading.Batches;

/// <summary>
/// Loads many accounts and keys at once. The ledger must have all their entries: while Redis does not know an account no script can add
/// one, so the outbox is flushed first if it has any of theirs, which it has only where Redis has lost their state alone.
/// Any number of callers at once.
/// <list type="number">
/// <item>Note the epoch of each partition: what is read from here on may be written under this epoch only, for after a recovery another
/// gateway may have loaded the account and charged it.</item>
/// <item>Ask whose entries wait in the outboxes, and flush each partition that has one of these accounts. The ledger is read after the
/// answer: what is in no outbox by then the ledger has, and nothing is added before step 4.</item>
/// <item>Read all accounts and all keys, one statement each, both at once.</item>
/// <item>Write them, which leaves what others have loaded meanwhile.</item>
/// </list>
/// On a single Redis steps 2 and 4 are one script each for all partitions. A partition that can't be flushed or written fails alone.
/// </summary>
internal sealed class LoadBatch(ScriptRunner scripts, Partitions partitions, StateReader reader, Flusher flusher)
{
    private static readonly Task<IReadOnlyDictionary<long, KeyFacts>> s_noKeys =
        Task.FromResult<IReadOnlyDictionary<long, KeyFacts>>(new Dictionary<long, KeyFacts>());

    /// <summary>The last look into each outbox. Each is true of its instant, whichever of two that were under way at once stays.</summary>
    private readonly OutboxLook?[] _looks = new OutboxLook?[partitions.Map.Count];

    /// <summary>Completes every request, whatever happens; those of a partition that must be flushed first later than the others.</summary>
    public async Task LoadAsync(IReadOnlyList<LoadRequest> requests)
    {
        // Step 1
        var groups = requests.GroupBy(request => request.Partition)
            .Select(group => new LoadGroup(group.Key, partitions.Epoch(group.Key), [.. group])).ToList();

        // Step 2; flushes beside the others: a partition whose flush stands still holds up no load of another.
        if (await FindClearAsync(groups) is not { } clear)
        {
            return;
        }

        foreach (var group in groups.Where((_, i) => !clear[i]))
        {
            _ = FlushAndLoadAsync(group);
        }

        await ReadAndWriteAsync([.. groups.Where((_, i) => clear[i])]);
    }

    /// <summary>
    /// Which partitions have no entry of these accounts in their outbox? Not those where Redis does not say. Null: all requests have
    /// failed.
    /// </summary>
    private async Task<bool[]?> FindClearAsync(List<LoadGroup> groups)
    {
        try
        {
            var looks = groups.ConvertAll(group =>
                Volatile.Read(ref _looks[group.Partition]) is { } look && look.Epoch == group.Epoch ? look : OutboxLook.None(group.Epoch));
            var answers = await scripts.RunTogetherAsync(WaitingAnswer.Script, [.. groups.Select((group, i) => new ScriptPart(
                group.Partition, group.Epoch, [PartitionMap.Meta(group.Partition), PartitionMap.Outbox(group.Partition)],
                [looks[i].NewestEntry]))]);
            return [.. groups.Select((group, i) => IsClear(group, looks[i], answers[i]))];
        }
        catch (Exception e)
        {
            groups.ForEach(group => group.Fail(e));
            return null;
        }
    }

    private bool IsClear(LoadGroup group, OutboxLook before, ScriptReply<WaitingAnswer> reply)
    {
        if (reply.Outcome != ScriptOutcome.Answered)
        {
            return false;
        }

        var look = before.Next(reply.Answer);
        Volatile.Write(ref _looks[group.Partition], look?.Remembered());
        return look is not null && !group.Requests.Exists(request => look.MayHave(request.AccountId));
    }

    private async Task FlushAndLoadAsync(LoadGroup group)
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

    private async Task ReadAndWriteAsync(List<LoadGroup> groups)
    {
        if (groups.Count == 0)
        {
            return;
        }

        try
        {
            // Step 3
            var requests = groups.SelectMany(group => group.Requests).ToList();
            long[] keyIds = [.. requests.Select(request => request.KeyId).Where(id => id != 0).Distinct()];
            var accounts = reader.ReadAccountsAsync(
                [.. requests.Select(request => request.AccountId).Distinct()], CancellationToken.None);
            var keys = keyIds.Length == 0 ? s_noKeys : reader.ReadKeysAsync(keyIds, CancellationToken.None);
            await Task.WhenAll(accounts, keys);

            // Step 4
            await WriteAsync(groups.ConvertAll(group => new LoadPart(group, accounts.Result, keys.Result)));
        }
        catch (Exception e)
        {
            groups.ForEach(group => group.Fail(e));
        }
    }

    private async Task WriteAsync(List<LoadPart> parts)
    {
        var written = parts.FindAll(part => part.HasStates);
        var replies = await scripts.RunTogetherAsync(LoadAnswer.Script, written.ConvertAll(part => part.ToScript()));
        for (var i = 0; i < written.Count; i++)
        {
            if (replies[i].Answer.Status == LoadStatus.OtherFormat)
            {
                written[i].Fail(new StoreUnavailableException(
                    "a hold of its partition is of a format that only another version of the gateway knows"));
            }
        }

        parts.ForEach(part => part.Complete());
    }
}
