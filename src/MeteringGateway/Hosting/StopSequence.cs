using MeteringGateway.Calls.Streams;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Hosting;

/// <summary>
/// A stop in its order. Told to stop, the gateway says so at once in <c>/readyz</c> and goes on taking calls until a balancer has looked
/// (<c>Hosting:StopDelay</c>); then it takes no new ones and waits for those under way. Streams have <c>Hosting:StreamGrace</c> from then
/// on, and end as if the provider had broken off.
/// </summary>
internal sealed class StopSequence(StreamStop streams, IOptions<HostingOptions> options, TimeProvider time) : IHostedLifecycleService
{
    private ITimer? _grace;

    /// <summary>Before the server stops, which waits for this.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(options.Value.StopDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _grace = time.CreateTimer(_ => streams.End(), null, options.Value.StreamGrace, Timeout.InfiniteTimeSpan);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Everything has stopped: no stream is left.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken) => await (_grace?.DisposeAsync() ?? ValueTask.CompletedTask);
}
