namespace MeteringGateway.Http.Bounds;

/// <summary>
/// Gives memory back after a burst of large bodies. The collector works when something is allocated; a gateway that has become quiet
/// would keep the largest minute of its life for ever, and its container would be billed, or killed, for it.
/// </summary>
internal sealed class MemoryReturn(BufferBudget budget, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(5);

    /// <summary>Below that a collection costs more than it gives.</summary>
    private const long Worth = 32 * 1024 * 1024;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (most, left) = (0L, 0);
        using var timer = new PeriodicTimer(s_period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            most = Math.Max(most, budget.TakePeak());
            if (most >= Worth && budget.Used < most / 4)
            {
                // Twice: a call that has just given its bytes back may still be on a stack at the first.
                (most, left) = (0, 2);
            }

            if (left > 0)
            {
                // A pause of some tens of milliseconds, after a burst and not in it.
                left--;
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
    }
}
