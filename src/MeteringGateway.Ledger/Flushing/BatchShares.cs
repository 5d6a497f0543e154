namespace MeteringGateway.Ledger.Flushing;

/// <summary>Divides the entries of one transaction among the partitions that have some. Pure.</summary>
internal static class BatchShares
{
    /// <summary>
    /// A partition with few entries leaves the rest of its share to the others, so that one with many neither starves them nor is cut to a
    /// part of a transaction that is half empty. What comes in after the look is read with it where there is room.
    /// </summary>
    /// <param name="lengths">What waits in each partition; null: not to be flushed now.</param>
    /// <param name="size">The entries of the transaction; at least one is given to each partition.</param>
    /// <returns>How many to read of each partition with entries, by partition.</returns>
    public static SortedDictionary<int, int> Of(IReadOnlyList<long?> lengths, int size)
    {
        var waiting = Enumerable.Range(0, lengths.Count).Where(partition => lengths[partition] > 0)
            .OrderBy(partition => lengths[partition]).ToList();
        var shares = new SortedDictionary<int, int>();
        var left = size;
        for (var i = 0; i < waiting.Count; i++)
        {
            var share = (int)Math.Max(1, Math.Min(lengths[waiting[i]]!.Value, left / (waiting.Count - i)));
            shares[waiting[i]] = share;
            left -= share;
        }

        var room = waiting.Count == 0 ? 0 : Math.Max(0, left) / waiting.Count;
        foreach (var partition in waiting)
        {
            shares[partition] += room;
        }

        return shares;
    }
}
