using MeteringGateway.Engine.Calls;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Calls.History;

/// <summary>Finds out what became of a call. Any number of callers at once.</summary>
/// <remarks>
/// In the order in which a call moves on, so that none is missed on its way: its hold in Redis, its charge in the ledger, the notes of
/// calls that were not charged. The ledger comes before the notes, for a hold that expired may still be charged late.
/// </remarks>
internal sealed class CallHistory(
    HoldLookup holds, CallsUnderWay underWay, BooksFlush books, CallEntries entries, CallLog log, TimeProvider time)
{
    /// <summary>Null: no call of this account.</summary>
    /// <exception cref="StoreUnavailableException">Redis is away, and what PostgreSQL has does not settle it.</exception>
    public async Task<CallView?> FindAsync(long accountId, string requestId, CancellationToken cancellationToken)
    {
        var held = await holds.FindAsync(accountId, requestId);
        if (held is { Credits: { } credits })
        {
            var known = underWay.Find(requestId);
            return new CallView(
                requestId, known?.Surface, known?.Provider, CallView.Held, null, credits, 0, [], MomentOf(requestId));
        }

        var isFlushed = await TryFlushAsync(accountId, cancellationToken);
        if (await entries.FindAsync(accountId, requestId, cancellationToken) is { } charge)
        {
            return new CallView(
                requestId, charge.Surface, charge.Provider, charge.IsReversed ? CallView.NotCharged : CallView.Charged,
                charge.IsReversed ? "reversed" : null, charge.Held, charge.IsReversed ? 0 : charge.Credits,
                AttemptList.Read(charge.Attempts, succeeded: true), charge.OccurredAt);
        }

        if (!held.IsKnown || !isFlushed)
        {
            throw new StoreUnavailableException("Redis can't say whether the call is under way");
        }

        return await log.FindAsync(accountId, requestId, cancellationToken) is { } call
            ? new CallView(
                requestId, call.Surface, call.Provider, CallView.NotCharged, call.Code, call.CreditsHeld, 0,
                AttemptList.Read(call.Attempts, succeeded: false), call.At)
            : null;
    }

    private async Task<bool> TryFlushAsync(long accountId, CancellationToken cancellationToken)
    {
        try
        {
            return await books.FlushAsync([accountId], cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    /// <summary>When a request came, which its id says.</summary>
    private DateTimeOffset MomentOf(string requestId) =>
        Guid.TryParseExact(requestId, "N", out var id) && id.Version == 7
            ? DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(requestId[..12], 16))
            : time.GetUtcNow();
}
