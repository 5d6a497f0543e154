using MeteringGateway.Configuration;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Edge;
using MeteringGateway.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Hosting;

/// <summary>Kestrel's addresses and bounds, and the log.</summary>
internal static class ServerSettings
{
    public static void AddServer(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        // A request is read and answered on the thread that learns of its bytes: a thread of the pool, too, so the hop to another one buys
        // nothing. A handler that blocks holds up its own connection alone.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        // A line ends with CR LF (RFC 9112, 2.2 lets a server be lenient): a proxy that is stricter would see another request.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            var services = kestrel.ApplicationServices;
            kestrel.Configure(ListenAddresses.Of(context.Configuration, services.GetRequiredService<IOptions<Http2Options>>().Value));
            kestrel.Bound(services.GetRequiredService<IOptions<ClientOptions>>().Value, services.GetRequiredService<GatewayMetrics>());
            kestrel.ConfigureEndpointDefaults(services.GetRequiredService<ConnectionBound>().Apply);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddStopBound();
        // The start and the stop are told by StartReport, in the gateway's words.
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        builder.Logging.AddLog(builder.Configuration);
        builder.Logging.EscapeTextFromOutside();
    }

    /// <summary>What a request may be on whichever address it comes in.</summary>
    public static void Bound(this KestrelServerOptions kestrel, ClientOptions clients, GatewayMetrics metrics)
    {
        kestrel.AddServerHeader = false;
        kestrel.ConfigureHttpsDefaults(https => https.OnAuthenticate = (_, connection) => metrics.Certificates.Note(connection));
        kestrel.RequestHeaderEncodingSelector = static name =>
            name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? DigitsEncoding.Instance : null;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = 1024 * 1024;
        limits.MaxRequestHeadersTotalSize = clients.HeaderBytes;
        limits.MaxRequestLineSize = Math.Min(limits.MaxRequestLineSize, clients.HeaderBytes);
        limits.MaxRequestHeaderCount = clients.HeaderCount;
        limits.RequestHeadersTimeout = clients.HeaderTimeout;
        limits.KeepAliveTimeout = clients.IdleTimeout;
        limits.Http2.MaxStreamsPerConnection = clients.StreamsPerConnection;
        limits.Http2.MaxRequestHeaderFieldSize = clients.HeaderBytes;
        limits.MinResponseDataRate =
            new MinDataRate(AnswerBody.PieceBytes / clients.ReadPatience.TotalSeconds, clients.ReadPatience);
    }
}
