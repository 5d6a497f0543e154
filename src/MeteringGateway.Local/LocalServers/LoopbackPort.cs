using System.Net;
using System.Net.Sockets;

namespace MeteringGateway.Local.LocalServers;

internal static class LoopbackPort
{
    /// <summary>A port that is free now; a caller that takes it retries with another when somebody was faster.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
