using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Engine.Loading;

/// <summary>
/// Loads an account and a key from PostgreSQL into Redis, where they are unknown. The outbox is flushed first: while Redis does not know
/// the account no script can add an entry of it, so the ledger is complete. Any number of callers at once.
/// </summary>
internal sealed partial class AccountLoader(
    ScriptRunner scripts, Partitions partitions, StateReader reader, Flusher flusher, ILogger<AccountLoader> logger)
{
    /// <summary>Loads the account and, unless it is 0, the key. False: one of them does not exist.</summary>
    public async Task<bool> LoadAsync(long accountId, long keyId, CancellationToken cancellationToken)
    {
        var partition = partitions.Map.Of(accountId);

        // The state that is read below may be written under this epoch only: after a recovery another gateway may have loaded the account
        // and charged it.
        var epoch = partitions.Epoch(partition);
        if (!await flusher.DrainAsync(partition, cancellationToken))
        {
            throw new StoreUnavailableException("the partition is being recovered");
        }

        var account = await reader.ReadAccountAsync(accountId, cancellationToken);
        if (account is null)
        {
            return false;
        }

        var loaded = await scripts.RunUnderAsync(epoch, LoadAnswer.Account, partition,
            [PartitionMap.Meta(partition), PartitionMap.Account(partition, accountId), PartitionMap.Holds(partition)],
            accountId, account.Balance, account.Status, account.Version, account.MonthlyBudget ?? -1, account.Month, account.MonthSpent);
        Check(loaded);
        if (keyId == 0)
        {
            return true;
        }

        var key = await reader.ReadKeyAsync(keyId, cancellationToken);
        if (key is null || key.AccountId != accountId)
        {
            return false;
        }

        loaded = await scripts.RunUnderAsync(epoch, LoadAnswer.Key, partition,
            [PartitionMap.Meta(partition), PartitionMap.Key(partition, keyId), PartitionMap.Holds(partition)],
            [keyId, .. KeyConfiguration.Of(key), key.Spent, key.Day, key.DaySpent, key.Week, key.WeekSpent, key.Month, key.MonthSpent]);
        Check(loaded);
        return true;
    }

    /// <summary>Loads for a caller that repeats its script anyway: Redis or PostgreSQL being away is logged, not thrown.</summary>
    public async Task TryLoadAsync(long accountId, long keyId)
    {
        try
        {
            await LoadAsync(accountId, keyId, CancellationToken.None);
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            LogNotLoaded(accountId, e.Message);
        }
    }

    private static void Check(ScriptReply<LoadAnswer> loaded)
    {
        if (loaded.Answer.Status == LoadStatus.OtherFormat)
        {
            throw new StoreUnavailableException("a hold of its partition is of a format that only another version of the gateway knows");
        }
    }

    [LoggerMessage(LogLevel.Warning, "Account {AccountId} can't be loaded from the ledger now: {Reason}")]
    private partial void LogNotLoaded(long accountId, string reason);
}
