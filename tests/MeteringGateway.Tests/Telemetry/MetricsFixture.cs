using System.Diagnostics.Metrics;
using System.Text;
using MeteringGateway.Engine;
using MeteringGateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace MeteringGateway.Tests.Telemetry;

/// <summary>The metrics of one gateway, as a scrape shows them.</summary>
internal sealed class MetricsFixture : IDisposable
{
    private readonly ServiceProvider _services =
        new ServiceCollection().AddSingleton(TimeProvider.System).AddTelemetry().AddSingleton<EngineMetrics>().BuildServiceProvider();
    private readonly PrometheusRegistry _registry;

    public MetricsFixture()
    {
        _registry = _services.GetRequiredService<PrometheusRegistry>();
        Metrics = _services.GetRequiredService<GatewayMetrics>();
        Payments = _services.GetRequiredService<PaymentMetrics>();
        Engine = _services.GetRequiredService<EngineMetrics>();
        Metrics.Known(["search", "ads"], ["alpha", "beta"]);
    }

    public GatewayMetrics Metrics { get; }

    public PaymentMetrics Payments { get; }

    public EngineMetrics Engine { get; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public PrometheusParser Scrape() => PrometheusParser.Parse(ScrapeText());

    public string ScrapeText()
    {
        using var output = new MemoryStream();
        _registry.WriteAsync(output, CancellationToken.None).GetAwaiter().GetResult();
        return Encoding.UTF8.GetString(output.ToArray());
    }

    public void Dispose() => _services.Dispose();
}
