using System.Diagnostics.Metrics;
using MeteringGateway.Observability;
using Microsoft.Extensions.DependencyInjection;

namespace MeteringGateway.Tests.Observability;

/// <summary>The metrics of one gateway, as a scrape shows them.</summary>
internal sealed class MetricsFixture : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddObservability().BuildServiceProvider();

    public MetricsFixture()
    {
        Scraper = _services.GetRequiredService<PrometheusScraper>();
        Metrics = _services.GetRequiredService<GatewayMetrics>();
        Metrics.Known(["search", "ads"], ["alpha", "beta"]);
    }

    public GatewayMetrics Metrics { get; }

    public PrometheusScraper Scraper { get; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public PrometheusParser Scrape() => PrometheusParser.Parse(Scraper.Scrape());

    public void Dispose() => _services.Dispose();
}
