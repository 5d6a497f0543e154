namespace MeteringGateway.Observability;

/// <summary><c>GET /metrics</c>.</summary>
internal static class PrometheusEndpoint
{
    public static IEndpointConventionBuilder MapPrometheus(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/metrics", (PrometheusScraper scraper, HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return Results.Text(scraper.Scrape(), PrometheusText.ContentType);
        }).Produces<string>(StatusCodes.Status200OK, "text/plain");
}
