using MeteringGateway.Scenarios.Running;

namespace MeteringGateway.Scenarios.Terminal;

/// <summary>Shows a load while it runs.</summary>
internal interface IProgressView
{
    /// <summary>Ends without an exception when it is cancelled.</summary>
    /// <param name="look">The load as it is now; may be asked at any time.</param>
    Task WatchAsync(string scenario, Func<LoadProgress> look, CancellationToken until);
}
