namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Drains of a partition that are asked for at the same time are one: a call that comes while a drain is under way shares the next one
/// with all that come until that begins, for its own entries may have missed the one under way. So a partition has one drain at a time,
/// however many accounts are loaded or read. Any number of callers at once.
/// </summary>
internal sealed class SharedDrains(int partitions, Func<int, Task<bool>> drain)
{
    private readonly Lock _lock = new();
    private readonly Task<bool>?[] _running = new Task<bool>?[partitions];
    private readonly Task<bool>?[] _next = new Task<bool>?[partitions];

    public Task<bool> DrainAsync(int partition, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var shared = _running[partition] is null
                ? _running[partition] = RunAsync(partition, null)
                : _next[partition] ??= RunAsync(partition, _running[partition]);
            return shared.WaitAsync(cancellationToken);
        }
    }

    private async Task<bool> RunAsync(int partition, Task? before)
    {
        // Off the caller's lock, and after the drain before it, whatever became of that.
        await (before ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (before is not null)
        {
            lock (_lock)
            {
                (_running[partition], _next[partition]) = (_next[partition], null);
            }
        }

        try
        {
            return await drain(partition);
        }
        finally
        {
            lock (_lock)
            {
                if (_next[partition] is null)
                {
                    _running[partition] = null;
                }
            }
        }
    }
}
