using System.Net;
using System.Net.Sockets;

namespace MeteringGateway.Compare.Load;

/// <summary>One connection of the open load: at most one request on its way. The sender and the socket's reader take turns.</summary>
internal sealed class OpenConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[64 * 1024];
    private readonly OpenLoad _load;
    private long _due;

    public OpenConnection(Uri url, OpenLoad load)
    {
        _load = load;
        _socket.Connect(IPAddress.Loopback, url.Port);
    }

    /// <summary>Runs until the connection ends.</summary>
    public async Task ReadAsync()
    {
        var length = 0;
        try
        {
            while (true)
            {
                var more = await _socket.ReceiveAsync(_received.AsMemory(length), SocketFlags.None);
                if (more == 0)
                {
                    break;
                }

                length += more;
                if (AnswerEnd.StatusOf(_received.AsSpan(0, length)) is > 0 and var status)
                {
                    length = 0;
                    _load.Answered(this, _due, status);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The load is over, or the server has cut the connection: what was on its way is lost.
        }

        _load.Ended(this);
    }

    /// <param name="due">When the request should have been sent; its latency counts from there.</param>
    public void Send(ReadOnlySpan<byte> request, long due)
    {
        _due = due;
        _socket.Send(request);
    }

    public void Dispose() => _socket.Dispose();
}
