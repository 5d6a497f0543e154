namespace MeteringGateway.Hosting;

/// <summary>A change of the configuration file, and what became of it.</summary>
/// <param name="Result"><c>accepted</c> or <c>rejected</c>.</param>
/// <param name="Lines">What changed, or what is wrong with it, as the log says it: without secrets.</param>
internal sealed record ReloadView(DateTimeOffset At, string Result, IReadOnlyList<string> Lines);

/// <summary>The last reloads of this gateway's configuration, for those who ask. Any number of callers at once.</summary>
internal sealed class ReloadJournal(TimeProvider time)
{
    private const int MostReloads = 20;
    private const int MostLines = 50;

    private readonly Lock _gate = new();
    private readonly Queue<ReloadView> _last = new();

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ReloadView> Last
    {
        get
        {
            lock (_gate)
            {
                return [.. _last.Reverse()];
            }
        }
    }

    public void Add(bool isAccepted, IEnumerable<string> lines)
    {
        lock (_gate)
        {
            if (_last.Count == MostReloads)
            {
                _last.Dequeue();
            }

            _last.Enqueue(new ReloadView(time.GetUtcNow(), isAccepted ? "accepted" : "rejected", [.. lines.Take(MostLines)]));
        }
    }
}
