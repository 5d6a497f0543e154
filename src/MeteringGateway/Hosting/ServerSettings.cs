using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Edge;
using MeteringGateway.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Hosting;

/// <summary>Kestrel's bounds and the log. Each bound is far above what a client of this API needs and far below what hurts.</summary>
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
            kestrel.Configure(context.Configuration.GetSection("Kestrel"));
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
            kestrel.RequestHeaderEncodingSelector = static name =>
                name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? DigitsEncoding.Instance : null;
            var patience = kestrel.ApplicationServices.GetRequiredService<IOptions<ClientOptions>>().Value.ReadPatience;
            kestrel.Limits.MinResponseDataRate = new MinDataRate(AnswerBody.PieceBytes / patience.TotalSeconds, patience);
            kestrel.ConfigureEndpointDefaults(kestrel.ApplicationServices.GetRequiredService<ConnectionBound>().Apply);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddStopBound();
        builder.Logging.AddLog(builder.Configuration);
        builder.Logging.EscapeTextFromOutside();
    }
}
