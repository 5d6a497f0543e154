using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Reading;
using StackExchange.Redis;

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

        var key = keyId == 0 ? null : await reader.ReadKeyAsync(keyId, cancellationToken);
        if (keyId != 0 && key?.AccountId != accountId)
        {
            return false;
        }

        RedisKey[] names = [PartitionMap.Meta(partition), PartitionMap.Holds(partition), PartitionMap.Account(partition, accountId)];
        RedisValue[] values =
        [
            1, accountId, account.Balance, account.Status, account.Version, account.MonthlyBudget ?? -1, account.Month, account.MonthSpent,
        ];
        var loaded = key is null
            ? await scripts.RunUnderAsync(epoch, LoadAnswer.Script, partition, names, values)
            : await scripts.RunUnderAsync(
                epoch, LoadAnswer.Script, partition, [.. names, PartitionMap.Key(partition, keyId)],
                [
                    .. values, keyId, .. KeyConfiguration.Of(key), key.Spent, key.Day, key.DaySpent, key.Week, key.WeekSpent, key.Month,
                    key.MonthSpent,
                ]);
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
