using MeteringGateway.Calls.Providers;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Hosting;

/// <summary>
/// A stop in its order. Told to stop, the gateway says so at once in <c>/readyz</c> and goes on taking calls until a balancer has looked
/// (<c>Hosting:StopDelay</c>); then it takes no new ones and waits for those under way. Streams have <c>Hosting:StreamGrace</c> from then
/// on, and end as if the provider had broken off.
/// </summary>
internal sealed class StopSequence(StreamStop streams, IOptions<HostingOptions> options, TimeProvider time) : IHostedLifecycleService
{
    /// <summary>What is left of the grace for reading a stream to its end where its client can't be written to.</summary>
    private const double LastPart = 0.2;

    private readonly List<ITimer> _timers = [];

    /// <summary>Before the server stops, which waits for this.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(options.Value.StopDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var grace = options.Value.StreamGrace;
        _timers.Add(time.CreateTimer(_ => streams.CallLast(), null, grace * (1 - LastPart), Timeout.InfiniteTimeSpan));
        _timers.Add(time.CreateTimer(_ => streams.End(), null, grace, Timeout.InfiniteTimeSpan));
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Everything has stopped: no stream is left.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        _timers.ForEach(timer => timer.Dispose());
        return Task.CompletedTask;
    }
}
