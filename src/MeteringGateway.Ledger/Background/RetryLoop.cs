using System.Net.Sockets;
using Npgsql;

namespace MeteringGateway.Ledger.Background;

/// <summary>
/// Repeats background work while the gateway runs. An unavailable Redis or PostgreSQL is logged once an outage, and waited for.
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
                    logger.LogWarning("{Work} waits for {Store}, which is away: {Reason}", name, StoreOf(e), e.Message);
                    isAway = true;
                }
            }
            catch (Exception e)
            {
                // A bug: it is logged each time, and must not stop the gateway's other work.
                logger.LogError(e, "{Work} failed", name);
            }

            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Is Redis or PostgreSQL away (not a bug)? Npgsql throws a bare <see cref="SocketException"/> for a host name that does not resolve.
    /// </summary>
    public static bool IsAway(Exception e) => e is NpgsqlException or TimeoutException or SocketException or StoreUnavailableException;

    /// <summary>Which of the two it is, for an operator.</summary>
    public static string StoreOf(Exception e) => e is StoreUnavailableException ? "Redis" : "PostgreSQL";

    /// <summary>Does PostgreSQL refuse this statement for its data? A retry fails again, while other statements may succeed.</summary>
    public static bool IsRefused(Exception e) => e is PostgresException { IsTransient: false };
}
