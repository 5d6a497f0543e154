using System.Text.Json;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Reading;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Movements;

internal enum CreditStatus
{
    /// <summary>A store can't be asked now; it is safe to ask again with the same entry id.</summary>
    Unavailable = 0,
    Credited = 1,

    /// <summary>The entry was applied before: a success that changed nothing.</summary>
    Duplicate = 2,

    /// <summary>A debit of more than is free of the balance.</summary>
    InsufficientCredits = 3,

    /// <summary>The balance would pass 10^15 credits.</summary>
    BalanceTooLarge = 4,
    UnknownAccount = 5,
}

/// <summary>The outcome of a movement, and the balance after it.</summary>
internal readonly record struct CreditReply(CreditStatus Status, long Balance);

/// <summary>
/// Credits that enter or leave a balance other than by a call: purchases, bonuses, adjustments, reversals. Any number of callers at once.
/// </summary>
internal sealed class CreditMovements(
    ScriptRunner scripts, Partitions partitions, AccountLoader loader, StateReader ledger, Flusher flusher)
    : ICreditMovements
{
    private const int Tries = 4;

    /// <summary>
    /// Moves <paramref name="delta"/> credits, once per <see cref="EntryTail.Id"/> for ever: the script's marker knows a repeat until
    /// an hour after the ledger has the entry, and the ledger knows it from then on.
    /// </summary>
    public Task<CreditReply> CreditAsync(long accountId, long delta, EntryTail entry, CancellationToken cancellationToken) =>
        CreditAsync(accountId, delta, entry, 1, cancellationToken);

    /// <inheritdoc/>
    public Task<CreditReply> CreditAsync(long accountId, long delta, EntryTail entry, int attempt, CancellationToken cancellationToken)
    {
        var partition = partitions.Map.Of(accountId);
        RedisKey[] keys =
        [
            PartitionMap.Meta(partition), PartitionMap.Account(partition, accountId), PartitionMap.Outbox(partition),
            PartitionMap.CreditMarker(partition, entry.Id),
        ];
        return MoveAsync(CreditAnswer.Credit, accountId, 0, keys, [accountId, delta, Packed(entry), attempt], entry.Id, cancellationToken);
    }

    /// <summary>
    /// Takes a charge back that stands in the books: the balance has it again, and the key's limits no longer count it.
    /// Once per <see cref="EntryTail.Id"/>, as a credit.
    /// </summary>
    public Task<CreditReply> ReverseAsync(
        long accountId, long keyId, long price, SpendWindows windows, EntryTail entry, CancellationToken cancellationToken)
    {
        var partition = partitions.Map.Of(accountId);
        RedisKey[] keys =
        [
            PartitionMap.Meta(partition), PartitionMap.Account(partition, accountId), PartitionMap.Key(partition, keyId),
            PartitionMap.Outbox(partition), PartitionMap.CreditMarker(partition, entry.Id),
        ];
        return MoveAsync(
            CreditAnswer.Reverse, accountId, keyId, keys,
            [accountId, keyId, price, windows.Day, windows.Week, windows.Month, Packed(entry)], entry.Id, cancellationToken);
    }

    /// <summary>
    /// A store that is away, or a partition in the middle of its recovery, is an answer and no exception: whoever asks has often taken
    /// a payment already, must not be told that it failed, and asks again under the same entry id.
    /// </summary>
    private async Task<CreditReply> MoveAsync(
        GuardedScript<CreditAnswer> script, long accountId, long keyId, RedisKey[] keys, RedisValue[] values,
        string entryId, CancellationToken cancellationToken)
    {
        try
        {
            return await TryMoveAsync(script, accountId, keyId, keys, values, entryId, cancellationToken);
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            return new CreditReply(CreditStatus.Unavailable, 0);
        }
    }

    private async Task<CreditReply> TryMoveAsync(
        GuardedScript<CreditAnswer> script, long accountId, long keyId, RedisKey[] keys, RedisValue[] values,
        string entryId, CancellationToken cancellationToken)
    {
        var partition = partitions.Map.Of(accountId);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            // That the ledger has no such entry counts for the epoch in which it was asked: past a recovery the marker may be gone that
            // a faster sender left.
            var epoch = partitions.Epoch(partition);
            if (await ledger.ReadBalanceAfterAsync(entryId, cancellationToken) is { } balance)
            {
                return new CreditReply(CreditStatus.Duplicate, balance);
            }

            var moved = await scripts.RunUnderAsync(epoch, script, partition, keys, values);
            if (moved.Outcome == ScriptOutcome.NotLoaded)
            {
                if (!await loader.LoadAsync(accountId, keyId, cancellationToken))
                {
                    return new CreditReply(CreditStatus.UnknownAccount, 0);
                }
            }
            else if (!moved.IsUnavailable)
            {
                var reply = new CreditReply(moved.Answer.Status, moved.Answer.Balance);
                return reply.Status is CreditStatus.Credited or CreditStatus.Duplicate
                    && !await IsBookedAsync(partition, entryId, cancellationToken)
                    ? default
                    : reply;
            }
            else if (moved.Outcome != ScriptOutcome.Unknown)
            {
                break;
            }
        }

        return new CreditReply(CreditStatus.Unavailable, 0);
    }

    private static string Packed(EntryTail entry) => JsonSerializer.Serialize(entry, EntryTailJson.Default.EntryTail);

    /// <summary>
    /// Takes the entry to the books. Whoever asked for it notes it as done and never asks again, so until then Redis alone would have it,
    /// and a lost disk or a late replica would lose the customer's money. Not done in time: the same entry id is asked for again.
    /// </summary>
    private async Task<bool> IsBookedAsync(int partition, string entryId, CancellationToken cancellationToken)
    {
        try
        {
            return await flusher.DrainAsync(partition, cancellationToken)
                && await ledger.ReadBalanceAfterAsync(entryId, cancellationToken) is not null;
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            return false;
        }
    }
}
