// What the gateway is measured against. `provider URL`: a provider that answers at once. `proxy URL PROVIDER`: YARP and nothing else.
using Yarp.ReverseProxy.Configuration;

if (args is not (["provider", _] or ["proxy", _, _]))
{
    Console.Error.WriteLine("usage: BareProxy provider URL | BareProxy proxy URL PROVIDER-URL");
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

var app = builder.Build();
if (args[0] == "proxy")
{
    app.MapReverseProxy();
}
else
{
    var answer =
        """{"answer":"Forty-two is what a provider that thinks about nothing answers to every question, in some two hundred bytes, so that the proxies in front of it have something to carry.","usage":{"total_tokens":42}}"""u8
            .ToArray();
    app.MapPost("/{**path}", async context =>
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer);
    });
}

await app.RunAsync();
return 0;
