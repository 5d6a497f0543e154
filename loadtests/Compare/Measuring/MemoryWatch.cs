using MeteringGateway.Load.Measuring;
namespace MeteringGateway.Compare.Measuring;

/// <summary>The most memory that a process has while something runs, looked at fifty times a second.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _end = new();
    private readonly int _pid;
    private readonly Task _watching;
    private long _peak;

    private MemoryWatch(int pid)
    {
        (_pid, Before) = (pid, ProcessTree.Resident(pid));
        _peak = Before;
        _watching = WatchAsync();
    }

    /// <summary>Bytes in memory when the watch began.</summary>
    public long Before { get; }

    public long Peak => Interlocked.Read(ref _peak);

    public static MemoryWatch Begin(int pid) => new(pid);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                Interlocked.Exchange(ref _peak, Math.Max(Peak, ProcessTree.Resident(_pid)));
                await Task.Delay(s_interval, TimeProvider.System, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The watch is over.
        }
    }
}
