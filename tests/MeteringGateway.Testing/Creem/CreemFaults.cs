using System.Collections.Concurrent;

namespace MeteringGateway.Testing.Creem;

public enum CreemFault
{
    None,

    /// <summary>500, and nothing was done.</summary>
    Refuse,

    /// <summary>500, and it was done all the same.</summary>
    FailAfter,

    /// <summary>It is done, and no answer comes until the caller has left.</summary>
    Hang,

    /// <summary>It is done, and the connection is cut.</summary>
    Drop,

    /// <summary>It is done twice, as behind a proxy that repeats what it got no answer to; the second answer comes.</summary>
    Twice,
}

/// <summary>What is to go wrong, each once, by the operation: <c>POST /v1/checkouts</c>. Any number of callers at once.</summary>
public sealed class CreemFaults
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<CreemFault>> _next = new();

    /// <summary>Asked where nothing was ordered by <see cref="Next"/>.</summary>
    public Func<string, CreemFault> Otherwise { get; set; } = _ => CreemFault.None;

    public void Next(string operation, params ReadOnlySpan<CreemFault> faults)
    {
        foreach (var fault in faults)
        {
            _next.GetOrAdd(operation, _ => new ConcurrentQueue<CreemFault>()).Enqueue(fault);
        }
    }

    internal CreemFault Take(string operation) =>
        _next.TryGetValue(operation, out var queue) && queue.TryDequeue(out var fault) ? fault : Otherwise(operation);
}
