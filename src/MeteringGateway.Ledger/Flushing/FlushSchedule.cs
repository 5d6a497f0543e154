namespace MeteringGateway.Ledger.Flushing;

/// <summary>When the next look at the outbox is due: at the interval, and with back-off while Redis or PostgreSQL is away. Pure.</summary>
internal static class FlushSchedule
{
    /// <summary>Short enough that customers do not wait for the flusher after an outage.</summary>
    public static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(2);

    /// <param name="interval">The pause after a look that reached Redis and PostgreSQL.</param>
    /// <param name="last">The pause before this look.</param>
    /// <param name="reached">False: the look failed, so the next pause doubles.</param>
    public static TimeSpan Pause(TimeSpan interval, TimeSpan last, bool reached) =>
        reached ? interval : last * 2 < LongestBackOff ? last * 2 : LongestBackOff;
}
