using MeteringGateway.Http.Bounds;
using Microsoft.AspNetCore.HttpOverrides;

namespace MeteringGateway.Http.Edge;

/// <summary>Behind known proxies, the client is who they say: the right-most address that is none of theirs.</summary>
internal static class KnownProxies
{
    /// <summary>Without a known proxy the headers are left alone and mean nothing.</summary>
    public static void UseKnownProxies(this IApplicationBuilder app, ProxiesOptions proxies)
    {
        if (proxies.Known.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,

            // As many proxies as there are: each is known or ends the walk.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in proxies.Known)
        {
            options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options);
    }
}
