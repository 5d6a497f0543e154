using Microsoft.Extensions.Options;

namespace MeteringGateway.Http.Bounds;

/// <summary>The bytes that all calls together keep at the moment, and their bound. Any number of callers at once.</summary>
internal sealed class BufferBudget(long bound)
{
    private long _used;
    private long _peak;

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
        var used = Interlocked.Add(ref _used, bytes);
        if (used <= bound)
        {
            // Only for the memory's return: one that a race loses is found by the next.
            if (used > Volatile.Read(ref _peak))
            {
                Volatile.Write(ref _peak, used);
            }

            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);

    /// <summary>The most since it was asked last.</summary>
    public long TakePeak() => Interlocked.Exchange(ref _peak, 0);

    /// <summary>
    /// A container's limit, or the collector's (<c>DOTNET_GCHeapHardLimit</c>), comes first: a bound beyond it would be none.
    /// </summary>
    internal static long BoundOf(long configured, long available) => Math.Min(configured, available / 3);

    /// <summary>
    /// Whether this, or what it came from, is our want of memory: the request that happened to be read then has done nothing.
    /// </summary>
    public static bool IsExhausted(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is OutOfMemoryException)
            {
                return true;
            }
        }

        return false;
    }
}
