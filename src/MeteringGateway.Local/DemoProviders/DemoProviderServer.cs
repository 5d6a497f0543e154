using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace MeteringGateway.Local.DemoProviders;

/// <summary>The demo providers behind real sockets: one Kestrel, one port for each.</summary>
internal sealed class DemoProviderServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DemoProviderServer(WebApplication app, IReadOnlyDictionary<string, int> ports)
    {
        _app = app;
        Ports = ports;
    }

    /// <summary>By provider name.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; }

    public static async Task<DemoProviderServer> StartAsync(DemoProviderOptions options, TimeProvider time, CancellationToken cancellation)
    {
        DemoProvider[] all =
        [
            new ReliableProvider(), new FlakyProvider(), new SlowProvider(options.Slow, options.TooSlow, time),
            new UsagePricedProvider(options.Pause, time),
        ];
        var providers = all.Index()
            .Where(one => options.PortOf(one.Index) is not null)
            .Select(one => (Provider: one.Item, Port: options.PortOf(one.Index)!.Value))
            .ToArray();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var (provider, port) in providers)
            {
                kestrel.Listen(options.Address, port, endpoint =>
                    endpoint.Use(next => connection =>
                    {
                        connection.Items[typeof(DemoProvider)] = provider;
                        return next(connection);
                    }));
            }
        });
        var app = builder.Build();
        app.Run(context => ProviderOf(context).AnswerAsync(context));
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException)
        {
            await app.DisposeAsync();
            throw;
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        var ports = providers.Zip(addresses).ToDictionary(pair => pair.First.Provider.Name, pair => new Uri(pair.Second).Port);
        return new DemoProviderServer(app, ports);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static DemoProvider ProviderOf(HttpContext context) =>
        (DemoProvider)context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items[typeof(DemoProvider)]!;
}
