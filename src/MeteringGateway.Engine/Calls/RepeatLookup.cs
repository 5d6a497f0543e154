using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Engine.Calls;

/// <summary>
/// Asks the ledger whether a client's idempotency key was charged, for a day after each recovery: the record may be lost with the Redis
/// that had it, and a repeat must not be charged again. Any number of callers at once.
/// </summary>
/// <remarks>
/// No flush is needed first. What an older epoch has charged is in the ledger when the recovery opens the new one, or lost with its Redis
/// and never charged; what this epoch has charged has its record in Redis.
/// </remarks>
internal sealed partial class RepeatLookup(Partitions partitions, StateReader ledger, TimeProvider time, ILogger<RepeatLookup> logger)
{
    /// <summary>The look takes a millisecond; a client is better served by a refusal than by a longer wait.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>May records of the partition be missing?</summary>
    public bool IsNeeded(int partition) => time.GetTimestamp() < partitions.RecordsWholeFrom(partition);

    /// <summary>
    /// <see cref="ReserveStatus.Reserved"/>: the key was not charged. <see cref="ReserveStatus.Unavailable"/>: PostgreSQL can't be asked.
    /// </summary>
    public async Task<(ReserveStatus Status, FirstCall? First)> FindAsync(long accountId, IdempotencyTicket ticket)
    {
        try
        {
            using var patience = new CancellationTokenSource(s_patience, time);
            if (await ledger.ReadChargeOfKeyAsync(accountId, ticket.Hash, patience.Token) is not { } charge)
            {
                return (ReserveStatus.Reserved, null);
            }

            var isOther = charge.Fingerprint is { } print && print != ticket.Fingerprint;
            return (
                isOther ? ReserveStatus.IdempotencyMismatch : ReserveStatus.IdempotencyCharged,
                new FirstCall(charge.EntryId, charge.Credits, charge.Balance));
        }
        catch (Exception e) when (RetryLoop.IsAway(e) || e is OperationCanceledException)
        {
            LogNotAsked(accountId, e.Message);
            return (ReserveStatus.Unavailable, null);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The ledger can't be asked about an idempotency key of account {AccountId} now: {Reason}")]
    private partial void LogNotAsked(long accountId, string reason);
}
