using System.Collections.Concurrent;

namespace MeteringGateway.Compare.Rounds;

/// <summary>What makes a run a failure: a ledger that is wrong, calls that were refused. Any number of callers at once.</summary>
internal sealed class Findings(Action<string> say)
{
    private readonly ConcurrentQueue<string> _all = new();

    public IReadOnlyCollection<string> All => _all;

    public void Add(string finding)
    {
        _all.Enqueue(finding);
        say("FAILED: " + finding);
    }
}
