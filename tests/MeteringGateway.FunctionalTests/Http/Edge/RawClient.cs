using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeteringGateway.FunctionalTests.Http.Edge;

/// <summary>What came back on one connection, and whether the server closed it.</summary>
internal sealed record RawReply(string Text, bool IsClosed)
{
    public int Status => Text.Length > 12 ? int.Parse(Text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;

    public bool Has(string header) => Text.Contains("\r\n" + header, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Sends bytes as they are, which no HTTP client would.</summary>
internal static class RawClient
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Reads until the server closes the connection; one that it keeps open fails after a minute.</summary>
    public static async Task<RawReply> SendAsync(Uri gateway, string request)
    {
        using var socket = await ConnectAsync(gateway);
        using var patience = new CancellationTokenSource(s_patience);
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(request), patience.Token);
            while (await socket.ReceiveAsync(buffer, patience.Token) is > 0 and var count)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }

            return new RawReply(text.ToString(), true);
        }
        catch (SocketException)
        {
            // Reset: closed all the same.
            return new RawReply(text.ToString(), true);
        }
        catch (OperationCanceledException)
        {
            return new RawReply(text.ToString(), false);
        }
    }

    /// <summary>
    /// What a log says of requests. A machine that is busy makes the server's own clock complain, which is no client's doing.
    /// </summary>
    public static IEnumerable<string> Complaints(string log) =>
        log.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.Contains("Kestrel[22]", StringComparison.Ordinal) && !line.Contains("info:", StringComparison.Ordinal));

    public static async Task<Socket> ConnectAsync(Uri gateway)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, gateway.Port);
        return socket;
    }
}
