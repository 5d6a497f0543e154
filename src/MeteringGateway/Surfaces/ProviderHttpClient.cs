using Yarp.ReverseProxy.Forwarder;

namespace MeteringGateway.Surfaces;

/// <summary>How providers are called, beyond what <c>HttpClient</c> of a cluster says.</summary>
internal static class ProviderHttpClient
{
    /// <summary>A provider on the way down accepts nothing; half an attempt is left for the next one in the chain.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A provider that moves to other addresses is followed within this time: connections are resolved only when they are made.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

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
        handler.PooledConnectionLifetime = ConnectionLifetime;
    }
}
