using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Engine.Loading;

/// <summary>Asks the ledger whether a call was charged. Any number of callers at once.</summary>
internal sealed class LedgerLookup(Partitions partitions, StateReader reader, Flusher flusher)
{
    /// <summary>
    /// Flushes the outbox first, so the answer covers every script that has run up to now. Null: the partition is being recovered, and
    /// the answer is not known yet.
    /// </summary>
    public async Task<bool?> IsChargedAsync(long accountId, string requestId, CancellationToken cancellationToken)
    {
        if (!await flusher.DrainAsync(partitions.Map.Of(accountId), cancellationToken))
        {
            return null;
        }

        return await reader.ReadWrittenAsync(requestId, cancellationToken) is not null;
    }
}
