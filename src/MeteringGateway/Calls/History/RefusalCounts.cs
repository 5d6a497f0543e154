using System.Runtime.InteropServices;
using MeteringGateway.Telemetry;

namespace MeteringGateway.Calls.History;

/// <summary>Of which kind a refused call is: calls of one kind are counted together.</summary>
/// <param name="Surface">Null: the call was refused before it had one.</param>
/// <param name="Hour">Hours since 1970.</param>
internal readonly record struct RefusalKind(long AccountId, long KeyId, string? Surface, string Code, long Hour);

/// <summary>
/// Counts refused calls of live keys in memory, for those who ask later why a key was refused at that hour. A lock and a look-up for each,
/// and nothing is made but for a new kind, of which so many are kept. Any number of callers at once.
/// </summary>
/// <param name="mostKinds">Kinds that are counted apart; a call of one more is counted by a metric only.</param>
internal sealed class RefusalCounts(int mostKinds, GatewayMetrics metrics, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Dictionary<RefusalKind, long> _counts = [];

    public void Add(long accountId, long keyId, string? surface, string code) =>
        Add(new RefusalKind(accountId, keyId, surface, code, time.GetUtcNow().ToUnixTimeSeconds() / 3600), 1);

    /// <summary>All that is counted, which is no longer counted here: to be written, or to be given back.</summary>
    public IReadOnlyDictionary<RefusalKind, long> Take()
    {
        lock (_gate)
        {
            if (_counts.Count == 0)
            {
                return _counts;
            }

            var counts = _counts;
            _counts = [];
            return counts;
        }
    }

    public void GiveBack(IReadOnlyDictionary<RefusalKind, long> counts)
    {
        foreach (var (kind, calls) in counts)
        {
            Add(kind, calls);
        }
    }

    private void Add(RefusalKind kind, long calls)
    {
        lock (_gate)
        {
            if (_counts.Count < mostKinds || _counts.ContainsKey(kind))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, kind, out _) += calls;
                return;
            }
        }

        metrics.RefusalsUncounted(calls);
    }
}
