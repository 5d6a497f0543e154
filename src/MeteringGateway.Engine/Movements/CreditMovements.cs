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
    /// <summary>Redis or PostgreSQL is away; a retry with the same entry id is safe.</summary>
    Unavailable = 0,
    Credited = 1,

    /// <summary>The entry was applied before: a success that changed nothing.</summary>
    Duplicate = 2,

    /// <summary>A debit of more than the balance less what is held.</summary>
    InsufficientCredits = 3,

    /// <summary>The balance would pass 10^15 credits.</summary>
    BalanceTooLarge = 4,
    UnknownAccount = 5,
}

/// <summary>The outcome of a movement.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Balance">Afterwards.</param>
/// <param name="Free">Of a refused debit: how much of the balance no call holds, so how much another attempt may take.</param>
/// <param name="Moved">Of one that was applied, now or before: the credits of its entry, less than 0 where they were taken.</param>
internal readonly record struct CreditReply(CreditStatus Status, long Balance, long Free = 0, long Moved = 0);

/// <summary>
/// Moves credits other than by a call: purchases, bonuses, adjustments, reversals. Any number of callers at once.
/// </summary>
internal sealed class CreditMovements(
    ScriptRunner scripts, Partitions partitions, AccountLoader loader, StateReader ledger, Flusher flusher)
    : ICreditMovements
{
    private const int Tries = 4;

    /// <summary>
    /// Moves <paramref name="delta"/> credits, once per <see cref="EntryTail.Id"/> for ever: the idempotency key in Redis detects a repeat
    /// until an hour after the ledger has the entry, and the ledger detects every later one.
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
            PartitionMap.IdempotencyKey(partition, entry.Id),
        ];
        return MoveAsync(CreditAnswer.Credit, accountId, 0, keys, [accountId, delta, Packed(entry), attempt], entry.Id, cancellationToken);
    }

    /// <summary>
    /// Reverses a charge that is in the ledger: returns its credits to the balance and takes it out of the key's limits. Idempotent by
    /// <see cref="EntryTail.Id"/>, like a credit. The call's idempotency record goes with its charge.
    /// </summary>
    public Task<CreditReply> ReverseAsync(
        DisputedCommit call, SpendWindows windows, EntryTail entry, CancellationToken cancellationToken)
    {
        var (accountId, keyId) = (call.AccountId, call.KeyId);
        var partition = partitions.Map.Of(accountId);
        RedisKey[] keys =
        [
            PartitionMap.Meta(partition), PartitionMap.Account(partition, accountId), PartitionMap.Key(partition, keyId),
            PartitionMap.Outbox(partition), PartitionMap.IdempotencyKey(partition, entry.Id),
            PartitionMap.IdempotencyRecord(partition, accountId, call.IdempotencyHash ?? ""),
        ];
        return MoveAsync(
            CreditAnswer.Reverse, accountId, keyId, keys,
            [accountId, keyId, call.Price, windows.Day, windows.Week, windows.Month, Packed(entry), call.RequestId], entry.Id,
            cancellationToken);
    }

    /// <summary>
    /// An unavailable Redis or PostgreSQL, or a partition in recovery, is an answer, not an exception: many callers have taken a payment
    /// already, must not see a failure, and retry with the same entry id.
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
            // The ledger's answer is valid for the epoch in which it was asked: after a recovery the idempotency key of a faster sender may
            // be lost.
            var epoch = partitions.Epoch(partition);
            if (await ledger.ReadWrittenAsync(entryId, cancellationToken) is { } written)
            {
                return new CreditReply(CreditStatus.Duplicate, written.BalanceAfter, Moved: written.Delta);
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
                var (status, balance, held) = (moved.Answer.Status, moved.Answer.Balance, moved.Answer.Held);
                if (status is not (CreditStatus.Credited or CreditStatus.Duplicate))
                {
                    return new CreditReply(status, balance, Free: Math.Max(0, balance - held));
                }

                return await FlushedAsync(partition, entryId, cancellationToken) is { } entry
                    ? new CreditReply(status, balance, Moved: entry.Delta)
                    : default;
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
    /// Flushes the entry to the ledger before the caller is told of success. The caller never retries after a success, so a lost disk or a
    /// late replica of Redis would otherwise lose the customer's credits. Null: the caller retries with the same entry id.
    /// </summary>
    private async Task<WrittenEntry?> FlushedAsync(int partition, string entryId, CancellationToken cancellationToken)
    {
        try
        {
            return await flusher.DrainAsync(partition, cancellationToken)
                ? await ledger.ReadWrittenAsync(entryId, cancellationToken)
                : null;
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            return null;
        }
    }
}
