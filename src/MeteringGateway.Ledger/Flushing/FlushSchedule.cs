namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// When the next look at the outbox is due: an interval after the last one began, and with back-off while Redis or PostgreSQL is away.
/// Pure.
/// </summary>
internal static class FlushSchedule
{
    /// <summary>Short enough that customers do not wait for the flusher after an outage.</summary>
    public static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(2);

    /// <param name="interval">From look to look: it bounds the age of an entry, and a look under load carries all that came in it.</param>
    /// <param name="last">The pause before this look.</param>
    /// <param name="look">What the look found.</param>
    /// <param name="took">How long it took.</param>
    public static TimeSpan Pause(TimeSpan interval, TimeSpan last, FlushLook look, TimeSpan took) => look switch
    {
        FlushLook.Away => Shortest(Longest(last * 2, interval), LongestBackOff),
        FlushLook.Urgent => TimeSpan.Zero,

        // The calls that go on meanwhile need PostgreSQL's and the gateway's processors too.
        FlushLook.Behind => took / 2,
        _ => Longest(interval - took, TimeSpan.Zero),
    };

    private static TimeSpan Longest(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shortest(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

internal enum FlushLook
{
    /// <summary>All that waited is in the ledger, or is left to others.</summary>
    Done,

    /// <summary>More waits than one transaction takes.</summary>
    Behind,

    /// <summary>So much waits that charges will be refused before long.</summary>
    Urgent,

    /// <summary>Redis or PostgreSQL did not answer.</summary>
    Away,
}
