// What the gateway is measured against. `provider URL`: a provider that answers at once. `provider URL MILLISECONDS`: one that answers
// after that long, over HTTP/2 without TLS, for ten thousand calls that wait are too many connections for one process.
// `streams URL`: one that streams what the request orders. `proxy URL PROVIDER`: YARP and nothing else.
using System.Globalization;
using MeteringGateway.Load.Streams;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Yarp.ReverseProxy.Configuration;

if (args is not (["provider", _] or ["streams", _] or ["provider", _, _] or ["proxy", _, _]))
{
    Console.Error.WriteLine("usage: BareProxy provider URL [MILLISECONDS] | BareProxy streams URL | BareProxy proxy URL PROVIDER-URL");
    return 2;
}

var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls(args[1]);
builder.Logging.ClearProviders();
if (args[0] == "proxy")
{
    builder.Services.AddReverseProxy().LoadFromMemory(
        [new RouteConfig { RouteId = "query", ClusterId = "provider", Match = new RouteMatch { Path = "/api/v1/query" } }],
        [new ClusterConfig
        {
            ClusterId = "provider",
            Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = args[2] } },
        }]);
}

var delay = TimeSpan.FromMilliseconds(args is ["provider", _, var given] ? int.Parse(given, CultureInfo.InvariantCulture) : 0);
if (delay > TimeSpan.Zero)
{
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
}

var app = builder.Build();
if (args[0] == "proxy")
{
    app.MapReverseProxy();
}
else if (args[0] == "streams")
{
    app.MapPost("/{**path}", StreamProvider.AnswerAsync);
}
else
{
    var answer =
        """{"answer":"Forty-two is what a provider that thinks about nothing answers to every question, in some two hundred bytes, so that the proxies in front of it have something to carry.","usage":{"total_tokens":42}}"""u8
            .ToArray();
    app.MapPost("/{**path}", async context =>
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, TimeProvider.System, context.RequestAborted);
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer);
    });
}

await app.RunAsync();
return 0;
