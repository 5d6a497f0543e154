namespace MeteringGateway.Telemetry;

/// <summary><c>GET /metrics</c>.</summary>
internal static class PrometheusEndpoint
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static IEndpointConventionBuilder MapPrometheus(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/metrics", (PrometheusRegistry registry, HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return Results.Stream(output => registry.WriteAsync(output, context.RequestAborted), ContentType);
        }).Produces<string>(StatusCodes.Status200OK, "text/plain");
}
