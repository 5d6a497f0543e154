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
}
