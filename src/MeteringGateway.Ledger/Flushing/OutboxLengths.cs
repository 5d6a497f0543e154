namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// The number of waiting entries in each partition; null for a partition whose Redis does not answer, with the reason of one of them.
/// </summary>
internal readonly record struct OutboxLengths(long?[] Lengths, Exception? Away)
{
    /// <summary>One round trip for all partitions.</summary>
    public static async Task<OutboxLengths> ReadAsync(IOutbox outbox, CancellationToken cancellationToken)
    {
        Exception? away = null;
        var lengths = await Task.WhenAll(Enumerable.Range(0, outbox.Partitions).Select(async partition =>
        {
            try
            {
                return await outbox.LengthAsync(partition, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                away = e;
                return (long?)null;
            }
        }));
        return new OutboxLengths(lengths, away);
    }
}
