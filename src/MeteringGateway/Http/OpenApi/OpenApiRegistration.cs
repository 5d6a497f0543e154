using Microsoft.OpenApi;

namespace MeteringGateway.Http.OpenApi;

/// <summary>
/// <c>GET /openapi/v1.json</c>: every endpoint, and a page at <c>/docs</c> that shows it without asking any other server.
/// </summary>
internal static class OpenApiRegistration
{
    private const string Document = "/openapi/v1.json";

    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services)
    {
        return services
            .AddSingleton(OperationNotes.Load())
            .AddSingleton<ServedDocument>()
            .AddOpenApi(ServedDocument.Name, options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.AddDocumentTransformer((document, context, _) =>
                {
                    DocumentFrame.Complete(document, Server(context.ApplicationServices.GetRequiredService<IConfiguration>()));
                    return Task.CompletedTask;
                });
                options.AddOperationTransformer<NotedOperation>();
            });
    }

    /// <summary>After the routing: refuses query parameters that no endpoint reads.</summary>
    public static IApplicationBuilder UseKnownQuery(this IApplicationBuilder app) => app.UseMiddleware<KnownQuery>();

    public static void MapOpenApiDocument(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Document, (HttpContext context, ServedDocument document) => document.WriteAsync(context)).ExcludeFromDescription();

        // The page is an endpoint like the others: as middleware it would look at every request before those that earn money.
        var page = endpoints.CreateApplicationBuilder();
        page.Use((context, next) =>
        {
            // Its files are served by a middleware that leaves alone what an endpoint has.
            context.SetEndpoint(null);
            return next(context);
        });
        page.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.DocumentTitle = "Metering gateway";
            options.SwaggerEndpoint(Document, "Metering gateway");
        });
        endpoints.MapMethods("/docs/{**file}", [HttpMethods.Get, HttpMethods.Head], page.Build()).ExcludeFromDescription();
    }

    /// <summary>Where a client reaches the gateway; null where only a wildcard is configured, which is no address to call.</summary>
    private static string? Server(IConfiguration configuration)
    {
        var address = configuration["PublicUrl"] is { Length: > 0 } given
            ? given
            : configuration["Urls"]?.Split(';', StringSplitOptions.TrimEntries)[0];
        return Uri.TryCreate(address, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" && uri.Host is not ("0.0.0.0" or "[::]")
            ? address.TrimEnd('/')
            : null;
    }
}
