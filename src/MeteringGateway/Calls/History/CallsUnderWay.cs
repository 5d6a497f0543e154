using System.Collections.Concurrent;

namespace MeteringGateway.Calls.History;

/// <summary>
/// What this gateway knows of the long calls that it serves, for those who ask about them meanwhile: a hold says neither surface nor
/// provider. Another gateway does not know it. As many as there are streams. Any number of callers at once.
/// </summary>
internal sealed class CallsUnderWay
{
    private readonly ConcurrentDictionary<string, (string Surface, string Provider)> _calls = new(StringComparer.Ordinal);

    /// <summary>To be followed by exactly one <see cref="End"/>.</summary>
    public void Begin(string requestId, string surface, string provider) => _calls[requestId] = (surface, provider);

    public void End(string requestId) => _calls.TryRemove(requestId, out _);

    public (string Surface, string Provider)? Find(string requestId) => _calls.TryGetValue(requestId, out var call) ? call : null;
}
