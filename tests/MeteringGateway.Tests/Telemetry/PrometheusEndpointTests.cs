using System.Diagnostics;
using System.Text;
using MeteringGateway.Engine;
using MeteringGateway.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MeteringGateway.Tests.Telemetry;

public sealed class PrometheusEndpointTests
{
    [Fact]
    public async Task Get_Metrics_IsPrometheusText()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddTelemetry().AddSingleton<EngineMetrics>();
        await using var app = builder.Build();
        app.MapPrometheus();
        Assert.Single(app.Services.GetServices<IHostedService>().OfType<PrometheusRegistry>());
        app.Services.GetRequiredService<EngineMetrics>().HoldsExpired(2);
        var endpoint = (RouteEndpoint)((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Single();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.Response.Body = body;

        await endpoint.RequestDelegate!(context);

        Assert.Equal("/metrics", endpoint.RoutePattern.RawText);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", context.Response.ContentType);
        Assert.Equal(2, PrometheusParser.Parse(Encoding.UTF8.GetString(body.ToArray())).Samples["metering_holds_expired_total"]);
    }

    /// <summary>
    /// The judge is Prometheus's own tool; where it is not installed, the strict parser of the other tests stands in for it.
    /// </summary>
    [Fact]
    public async Task Scrape_CheckedByPromtool_HasNoComplaint()
    {
        using var gateway = new MetricsFixture();
        gateway.Metrics.RequestCompleted("search", "odd \"quoted\" \\ and\nbroken", TimeSpan.FromSeconds(1), TimeSpan.Zero);
        gateway.Metrics.Attempt("alpha", "success", TimeSpan.FromSeconds(1));
        var scrape = gateway.ScrapeText();
        PrometheusParser.Parse(scrape);
        if (Find("promtool") is not { } promtool)
        {
            return;
        }

        using var check = Process.Start(new ProcessStartInfo(promtool, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await check.StandardInput.WriteAsync(scrape);
        check.StandardInput.Close();
        var complaints = await check.StandardError.ReadToEndAsync() + await check.StandardOutput.ReadToEndAsync();
        await check.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("", complaints);
        Assert.Equal(0, check.ExitCode);
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
