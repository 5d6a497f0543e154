using System.Net;
using System.Net.Sockets;

namespace MeteringGateway.Calls.Providers.Connections;

/// <summary>
/// Connects to whichever of a name's addresses answers, like a browser does (RFC 8305): each address gets a head start before
/// the next one is tried beside it, so an address that swallows packets costs that head start and not the whole time for connecting.
/// Any number of callers at once.
/// </summary>
internal sealed class ProviderConnector(Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeProvider time)
{
    /// <summary>RFC 8305, 5: long enough for a handshake across the world, short enough to be lost within an attempt.</summary>
    private static readonly TimeSpan s_headStart = TimeSpan.FromMilliseconds(250);

    public static Func<string, CancellationToken, Task<IPAddress[]>> SystemResolver => Dns.GetHostAddressesAsync;

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        new NetworkStream(await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken), ownsSocket: true);

    /// <exception cref="SocketException">The first failure, where no address could be reached.</exception>
    public async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(host, out var literal) ? [literal] : InTurn(await resolve(host, cancellationToken));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Socket>>(addresses.Length);
        Exception? failure = null;
        try
        {
            for (var next = 0; next < addresses.Length; next++)
            {
                running.Add(OpenAsync(new IPEndPoint(addresses[next], port), ending.Token));
                var headStart = next == addresses.Length - 1 ? Timeout.InfiniteTimeSpan : s_headStart;
                if (await FirstAsync(running, headStart, e => failure ??= e, ending.Token) is { } socket)
                {
                    return socket;
                }
            }
        }
        finally
        {
            await ending.CancelAsync();
            foreach (var late in running)
            {
                _ = DropAsync(late);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>
    /// The first socket to connect. Null once the head start is over, or the newest try or all of them have failed:
    /// the next address's turn.
    /// </summary>
    private async Task<Socket?> FirstAsync(
        List<Task<Socket>> running, TimeSpan headStart, Action<Exception> failed, CancellationToken ending)
    {
        var over = Task.Delay(headStart, time, ending);
        while (running.Count > 0)
        {
            var done = await Task.WhenAny([.. running, over]);
            if (done == over)
            {
                return null;
            }

            var newest = done == running[^1];
            var attempt = (Task<Socket>)done;
            running.Remove(attempt);
            if (attempt.IsCompletedSuccessfully)
            {
                return attempt.Result;
            }

            failed(attempt.Exception?.InnerException ?? new SocketException((int)SocketError.TimedOut));
            if (newest && headStart != Timeout.InfiniteTimeSpan)
            {
                return null;
            }
        }

        return null;
    }

    private static async Task<Socket> OpenAsync(IPEndPoint end, CancellationToken cancellationToken)
    {
        var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(end, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One that connects after another has won is closed; one that fails then interests nobody.</summary>
    private static async Task DropAsync(Task<Socket> late)
    {
        await ((Task)late).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (late.IsCompletedSuccessfully)
        {
            late.Result.Dispose();
        }
    }

    /// <summary>The resolver's order, the families taking turns: where all of IPv6 is swallowed, the second try is IPv4 already.</summary>
    private static IPAddress[] InTurn(IPAddress[] addresses)
    {
        var usable =
            addresses.Where(address => address.AddressFamily != AddressFamily.InterNetworkV6 || Socket.OSSupportsIPv6).Distinct().ToArray();
        var families = usable.GroupBy(address => address.AddressFamily).Select(family => family.ToArray()).ToArray();
        return [.. Enumerable.Range(0, usable.Length)
            .SelectMany(turn => families.Where(family => turn < family.Length).Select(family => family[turn]))];
    }
}
