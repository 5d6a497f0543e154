namespace MeteringGateway.Observability;

internal static class ObservabilityRegistration
{
    /// <summary>Comes before the parts that measure, so that the collector listens when they start.</summary>
    public static IServiceCollection AddObservability(this IServiceCollection services) => services
        .AddMetrics()
        .AddSingleton<GatewayMetrics>()
        .AddSingleton<PrometheusRegistry>()
        .AddHostedService(provider => provider.GetRequiredService<PrometheusRegistry>());
}
