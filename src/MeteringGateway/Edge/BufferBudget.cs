using Microsoft.Extensions.Options;

namespace MeteringGateway.Edge;

/// <summary>The bytes that all calls together keep at the moment, and their bound. Any number of callers at once.</summary>
internal sealed class BufferBudget(long bound)
{
    private long _used;

    [ActivatorUtilitiesConstructor]
    public BufferBudget(IOptions<MemoryOptions> options)
        : this(BoundOf(options.Value.MaxBufferedBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes))
    {
    }

    public long Bound => bound;

    public long Used => Interlocked.Read(ref _used);

    /// <summary>False: that much is not free, and nothing was taken.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= bound)
        {
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);

    /// <summary>A container's limit, or the collector's (<c>DOTNET_GCHeapHardLimit</c>), comes first: a bound beyond it would be none.</summary>
    internal static long BoundOf(long configured, long available) => Math.Min(configured, available / 2);
}
