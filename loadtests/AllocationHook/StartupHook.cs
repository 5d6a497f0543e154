using System.Globalization;
using System.Net.Sockets;
using System.Text;

/// <summary>
/// Tells how many bytes its process has allocated so far, to each connection on the Unix socket that <c>COMPARE_ALLOCATIONS</c> names. The
/// runtime starts it by <c>DOTNET_STARTUP_HOOKS</c>, which asks for this name outside of any namespace. Between two questions it costs
/// nothing, where a session of event counters would add work of its own to what is measured.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("COMPARE_ALLOCATIONS") is not { Length: > 0 } path)
        {
            return;
        }

        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        new Thread(() => Serve(listener)) { IsBackground = true, Name = "allocations" }.Start();
    }

    private static void Serve(Socket listener)
    {
        while (true)
        {
            using var client = listener.Accept();
            try
            {
                client.Send(Encoding.ASCII.GetBytes(GC.GetTotalAllocatedBytes().ToString(CultureInfo.InvariantCulture) + "\n"));
            }
            catch (SocketException)
            {
                // The one who asked has left.
            }
        }
    }
}
