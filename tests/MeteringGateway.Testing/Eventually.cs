using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Testing;

/// <summary>Waits for a condition of another process, with a deadline; the message says how far it came.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> state, TimeSpan? patience = null)
    {
        if (!await Readiness.PollAsync(_ => condition(), patience ?? Patience, TimeProvider.System, CancellationToken.None))
        {
            throw new TimeoutException($"Not within {(patience ?? Patience).TotalSeconds} s: {state()}");
        }
    }
}
