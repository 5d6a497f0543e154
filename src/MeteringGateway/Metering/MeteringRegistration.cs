namespace MeteringGateway.Metering;

internal static class MeteringRegistration
{
    public static IServiceCollection AddMetering(this IServiceCollection services) => services.AddSingleton<MeteringEndpoint>();

    public static void MapMeteredCall(this IEndpointRouteBuilder endpoints)
    {
        var endpoint = endpoints.ServiceProvider.GetRequiredService<MeteringEndpoint>();
        endpoints.MapPost("/api/v1/query", endpoint.InvokeAsync)
            .WithSummary("One metered call: charged when a provider answered whole, free otherwise.");
    }
}
