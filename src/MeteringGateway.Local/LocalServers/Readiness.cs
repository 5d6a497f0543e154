namespace MeteringGateway.Local.LocalServers;

/// <summary>Asks again until the answer is yes or the time is up.</summary>
internal static class Readiness
{
    /// <summary>A server is up some tens of milliseconds after its start; asking costs far less than that.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(15);

    public static async Task<bool> PollAsync(
        Func<CancellationToken, Task<bool>> probe, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (!await probe(cancellation))
        {
            if (time.GetElapsedTime(start) > patience)
            {
                return false;
            }

            await Task.Delay(Interval, time, cancellation);
        }

        return true;
    }
}
