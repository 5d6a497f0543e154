using System.Diagnostics;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// The spans of flushes, each linked to the calls whose entries it wrote: those may have been served by other gateways, so each entry
/// remembers its call's span. Without somebody who listens there are none.
/// </summary>
internal static class FlushTrace
{
    public const string SourceName = "MeteringGateway.Ledger";

    private static readonly ActivitySource s_source = new(SourceName);

    public static Activity? Begin() => s_source.StartActivity("flush");

    /// <summary>At the end: a flush that wrote nothing is not worth a trace, and there is one for every look.</summary>
    public static void Tell(this Activity span, IReadOnlyList<PartitionFlush> written)
    {
        if (written.Count == 0)
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        var entries = 0;
        foreach (var entry in written.SelectMany(part => part.Batch.Entries))
        {
            entries++;
            if (entry.Entry.Trace is { } trace && ActivityContext.TryParse(trace, null, out var call))
            {
                span.AddLink(new ActivityLink(call));
            }
        }

        span.SetTag("metering.entries", entries);
        span.SetTag("metering.partitions", written.Count);
    }
}
