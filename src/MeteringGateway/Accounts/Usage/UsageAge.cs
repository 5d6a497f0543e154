namespace MeteringGateway.Accounts.Usage;

/// <summary>How far sums of an account had come when they were read.</summary>
internal record UsageAge
{
    /// <summary>When the first charge was made that is not added up; null: all that are in the ledger are.</summary>
    public DateTimeOffset? FirstUncounted { get; init; }

    /// <summary>When the ledger's last entry was made.</summary>
    public DateTimeOffset LastEntry { get; init; }

    /// <summary>When this was so, by PostgreSQL's clock.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>
    /// Calls charged before it are counted: to the flush of the outbox, or to the last entry where that is not known, and at most to the
    /// first charge that is not added up.
    /// </summary>
    /// <param name="flushedAgo">
    /// Since a flush began that left nothing in the outbox, taken after the read: what lies between makes the sums older than they are, and
    /// not younger. Null: there was none.
    /// </param>
    public DateTimeOffset AsOf(TimeSpan? flushedAgo)
    {
        var all = flushedAgo is { } ago ? ReadAt - ago : LastEntry;
        return FirstUncounted < all ? FirstUncounted.Value : all;
    }
}
