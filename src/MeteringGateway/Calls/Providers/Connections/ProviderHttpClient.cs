using Yarp.ReverseProxy.Forwarder;

namespace MeteringGateway.Calls.Providers.Connections;

/// <summary>How providers are called, beyond what <c>HttpClient</c> of a cluster says.</summary>
internal static class ProviderHttpClient
{
    /// <summary>A provider on the way down accepts nothing; half an attempt is left for the next one in the chain.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A provider that moves to other addresses is followed within this time: connections are resolved only when they are made.
    /// </summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// An HTTP/2 connection on which a call waits is asked for a sign of life after this much silence. Below the default attempt, so that
    /// the calls on a connection that has died are told in time for the next provider; above what servers count as a flood of pings.
    /// </summary>
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(3);

    /// <summary>A ping crosses the world in a third of a second; ten times that is no network any more.</summary>
    private static readonly TimeSpan PingPatience = TimeSpan.FromSeconds(3);

    private static readonly ProviderConnector s_connector = new(ProviderConnector.SystemResolver, TimeProvider.System);

    public static void Configure(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        // The proxy of the process's environment is not for us; one that the cluster names is.
        handler.UseProxy = context.NewConfig.WebProxy?.Address is not null;
        // The answer goes out byte for byte, and a redirect would carry the provider's credentials elsewhere.
        handler.AllowAutoRedirect = false;
        handler.AutomaticDecompression = System.Net.DecompressionMethods.None;
        handler.UseCookies = false;
        handler.EnableMultipleHttp2Connections = context.NewConfig.EnableMultipleHttp2Connections ?? true;
        // Trace headers of a client are for us, not for a provider.
        handler.ActivityHeadersPropagator = null;
        handler.ConnectTimeout = ConnectTimeout;
        handler.ConnectCallback = s_connector.ConnectAsync;
        handler.PooledConnectionLifetime = ConnectionLifetime;
        handler.KeepAlivePingDelay = PingAfter;
        handler.KeepAlivePingTimeout = PingPatience;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
    }
}
