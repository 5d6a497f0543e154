using MeteringGateway.Configuration;
using MeteringGateway.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MeteringGateway.Tests.Http.OpenApi;

/// <summary>
/// The whole gateway, put together and never started: its endpoints can be looked at and called, and nothing reaches a network.
/// </summary>
internal sealed class OfflineGateway : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-offline-").FullName;

    public OfflineGateway(Action<IEndpointRouteBuilder>? map = null)
    {
        var file = Path.Combine(_folder, "gateway.json");
        File.WriteAllText(file, """
            { "ReverseProxy": { "Clusters": { "alpha": { "Destinations": { "d": { "Address": "http://127.0.0.1:9101" } } } } },
              "Surfaces": { "search": { "Price": { "Credits": 2 }, "Providers": ["alpha"] } } }
            """);
        App = GatewayHost.Build(GatewayConfiguration.LoadFile(file, new Dictionary<string, string?>
        {
            ["ConnectionStrings:Redis"] = "127.0.0.1:1",
            ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1;Database=none",
        }));
        map?.Invoke(App);
        Endpoints = [.. ((IEndpointRouteBuilder)App).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
    }

    public WebApplication App { get; }

    public IReadOnlyList<RouteEndpoint> Endpoints { get; }

    /// <summary>Method and path, as the operations' notes name them but for the path's constraints.</summary>
    public static string NameOf(RouteEndpoint endpoint) =>
        string.Join(',', endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
        + " /" + endpoint.RoutePattern.RawText!.Trim('/');

    /// <summary>Calls one endpoint, without what stands in front of all of them.</summary>
    public async Task<HttpContext> CallAsync(string path, byte[] body, string? contentType)
    {
        var endpoint = Endpoints.Single(one => one.RoutePattern.RawText!.TrimEnd('/') == path);
        var context = new DefaultHttpContext { RequestServices = App.Services };
        context.Request.Method = HttpMethods.Post;
        context.Request.Body = new MemoryStream(body);
        context.Request.ContentLength = body.Length;
        context.Request.ContentType = contentType;
        context.Response.Body = new MemoryStream();
        context.SetEndpoint(endpoint);
        await endpoint.RequestDelegate!(context);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
