using System.Text.Json.Serialization;
using MeteringGateway.Requests;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.OpenApi;

namespace MeteringGateway.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>: every endpoint, and a page at <c>/docs</c> that shows it without asking any other server.</summary>
internal static class OpenApiRegistration
{
    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services)
    {
        // Only the document reads these: answers are written with WireJson, which this repeats so that names and types agree.
        services.Configure<JsonOptions>(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = WireJson.Options.PropertyNamingPolicy;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.DictionaryKeyPolicy = null;
        });
        return services
            .AddSingleton(OperationNotes.Load())
            .AddOpenApi("v1", options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.AddDocumentTransformer((document, _, _) =>
                {
                    DocumentFrame.Complete(document);
                    return Task.CompletedTask;
                });
                options.AddOperationTransformer<NotedOperation>();
            });
    }

    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "Metering gateway";
            page.SwaggerEndpoint("/openapi/v1.json", "Metering gateway");
        });
    }
}
