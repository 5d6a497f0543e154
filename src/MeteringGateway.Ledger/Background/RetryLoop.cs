using System.Net.Sockets;
using Npgsql;

namespace MeteringGateway.Ledger.Background;

/// <summary>
/// Repeats a piece of background work for as long as the gateway runs. A store that is away is logged once an outage, and waited for.
/// </summary>
internal static class RetryLoop
{
    public static async Task RunAsync(
        string name, TimeSpan pause, Func<CancellationToken, Task> work, TimeProvider time, ILogger logger, CancellationToken stopping)
    {
        var isAway = false;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping);
                if (isAway)
                {
                    logger.LogInformation("{Work} goes on", name);
                    isAway = false;
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (IsAway(e))
            {
                if (!isAway)
                {
                    logger.LogWarning("{Work} waits for a store that is away: {Reason}", name, e.Message);
                    isAway = true;
                }
            }
            catch (Exception e)
            {
                // A bug. It is shown each time, but must not take the gateway's other work down with it.
                logger.LogError(e, "{Work} failed", name);
            }

            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Is it a store that is away, and no bug? A name that does not resolve comes as a bare <see cref="SocketException"/> out of Npgsql.
    /// </summary>
    public static bool IsAway(Exception e) => e is NpgsqlException or TimeoutException or SocketException or StoreUnavailableException;

    /// <summary>Does PostgreSQL refuse what it was told, for what it is? Asked again it refuses again, while others may be taken.</summary>
    public static bool IsRefused(Exception e) => e is PostgresException { IsTransient: false };
}
