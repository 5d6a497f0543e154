using System.Diagnostics.Metrics;
using MeteringGateway.Configuration;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Edge;
using MeteringGateway.Http.InnerCalls;
using MeteringGateway.Http.Management;
using MeteringGateway.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Hosting;

/// <summary>
/// A server of its own for <c>Management:Urls</c>, where any are set: the metered call's server and pipeline know nothing of it. It
/// outlives the other at a stop, for that is when a scrape and a probe have most to tell.
/// </summary>
internal sealed class ManagementServer(
    IOptions<ManagementOptions> options, IOptions<ClientOptions> clients, IConfiguration configuration, IServiceScopeFactory scopes,
    GatewayMetrics metrics, ILoggerFactory logs, IMeterFactory meters, TimeProvider time) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>For what is asked at the very end: scrapes and probes take milliseconds, all else is cut.</summary>
    private static readonly TimeSpan s_lastAnswers = TimeSpan.FromSeconds(1);

    private WebApplication? _server;
    private RequestDelegate? _pipeline;

    /// <summary>Call once, after everything is mapped: the endpoints are those of <paramref name="app"/>.</summary>
    public void Serve(WebApplication app)
    {
        if (options.Value.Urls.Count == 0)
        {
            return;
        }

        var pipeline = ((IApplicationBuilder)app).New();
        pipeline.UseEdge();
        pipeline.UseEndpointsOf(app);
        _pipeline = pipeline.Build();
    }

    /// <summary>After the other server listens: a probe that finds this one finds a gateway that takes calls.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (_pipeline is null)
        {
            return;
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "MeteringGateway" });
        builder.Services.AddSingleton(logs).AddSingleton(meters).AddSingleton<IHostLifetime, LifetimeOfTheGateway>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Configure(ListenAddresses.OfManagement(configuration, options.Value));
            kestrel.Bound(clients.Value, metrics);
        });
        _server = builder.Build();
        _server.Run(ServeAsync);
        await _server.StartAsync(cancellationToken);
    }

    /// <summary>After everything else has stopped.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            using var patience = new CancellationTokenSource(s_lastAnswers, time);
            await _server.StopAsync(patience.Token);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>The request's services are the gateway's, not those of the server that has read it.</summary>
    private Task ServeAsync(HttpContext context)
    {
        context.Features.Set<IServiceProvidersFeature>(new RequestServicesFeature(context, scopes));
        ManagementConnection.Mark(context);
        return _pipeline!(context);
    }

    /// <summary>It starts and stops with the gateway, which is the one to hear a signal.</summary>
    private sealed class LifetimeOfTheGateway : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
