using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Mcp.Tools;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace MeteringGateway.Mcp;

/// <summary>The Model Context Protocol over HTTP, without sessions: each request is a caller's of its own, at any gateway.</summary>
internal static class McpRegistration
{
    private const string Path = "/mcp";
    private const string DessertPath = "/mcp/dessert";

    /// <remarks>In front of what takes the key files of the framework away, which this would bring back.</remarks>
    public static IServiceCollection AddMcp(this IServiceCollection services)
    {
        services
            .AddSingleton<KnownHosts>()
            .AddSingleton<MessageFaults>()
            .AddSingleton(provider => new ToolCatalog(
                provider.GetRequiredService<SurfaceSource>(), provider.GetRequiredService<CreditPrice>(),
                provider.GetRequiredService<IOptions<McpOptions>>().Value.Writes))
            .AddSingleton<ToolServer>()
            .AddMcpServer(server =>
            {
                server.ServerInfo = new Implementation
                {
                    Name = "metering-gateway",
                    Title = "Metering gateway",
                    Version = typeof(McpRegistration).Assembly.GetName().Version!.ToString(3),
                };
                server.ServerInstructions = ToolServer.Instructions;
            })
            .WithHttpTransport(http =>
            {
                http.Stateless = true;
                http.ConfigureSessionOptions = static (context, server, _) =>
                {
                    context.RequestServices.GetRequiredService<ToolServer>().Serve(context, server);
                    return Task.CompletedTask;
                };
            });
        return services;
    }

    public static void MapMcpServer(this IEndpointRouteBuilder app)
    {
        if (!app.ServiceProvider.GetRequiredService<IOptions<McpOptions>>().Value.Enabled)
        {
            return;
        }

        app.MapResourceMetadata(app.ServiceProvider.GetRequiredService<IOptions<OAuthOptions>>().Value);

        // Whom the request is meant for, then who calls, and only then its body.
        var group = app.MapGroup("");
        group.AddEndpointFilter(static async (call, next) =>
        {
            ResourceMetadata.NameIn(call.HttpContext);
            return call.HttpContext.RequestServices.GetRequiredService<KnownHosts>().Refuse(call.HttpContext.Request) is { } foreign
                ? foreign
                : await next(call);
        });
        var ours = group.MapGroup("").RequireAccount();
        ours.AddEndpointFilter(static async (call, next) =>
            await McpBody.ReadAsync(call.HttpContext) is { } problem ? problem : await next(call));
        ours.AddEndpointFilter(MessageFaults.AroundAsync);
        ours.MapMcp(Path).ExcludeFromDescription();
        ours.MapMcp(DessertPath).WithMetadata(DessertNames.Instance).ExcludeFromDescription();
    }
}
