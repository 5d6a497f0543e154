namespace MeteringGateway.Telemetry;

internal static class TelemetryRegistration
{
    /// <summary>Comes before the parts that measure, so that the collector listens when they start.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services) => services
        .AddMetrics()
        .AddSingleton<GatewayMetrics>()
        .AddSingleton<PaymentMetrics>()
        .AddSingleton<PrometheusRegistry>()
        .AddHostedService(provider => provider.GetRequiredService<PrometheusRegistry>());
}
