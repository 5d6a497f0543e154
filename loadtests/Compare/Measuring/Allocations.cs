using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MeteringGateway.Compare.Measuring;

/// <summary>Asks the hook in a .NET process how much that process has allocated so far.</summary>
internal static class Allocations
{
    public static long Read(string socketPath)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        Span<byte> answer = stackalloc byte[32];
        var length = 0;
        for (int more; length < answer.Length && (more = socket.Receive(answer[length..])) > 0; length += more)
        {
        }

        return long.Parse(Encoding.ASCII.GetString(answer[..length]), CultureInfo.InvariantCulture);
    }
}
