using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Http.Edge;

/// <summary>A gateway whose bounds are so small that a test reaches them.</summary>
public sealed class BoundFixture : IAsyncLifetime
{
    private Stores? _stores;
    private GatewayProcess? _gateway;

    public FakeProvider Alpha { get; } = FakeProvider.Start();
    public FakeProvider Beta { get; } = FakeProvider.Start();
    public GatewayProcess Gateway => _gateway!;
    public GatewayClient Client => Gateway.Client;

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        _gateway = await GatewayProcess.StartAsync(_stores, MeteringFixture.Config(Alpha, Beta), new Dictionary<string, string>
        {
            ["ALPHA_KEY"] = "alpha-secret",
            ["Memory__MaxBufferedBytes"] = "2097152",
            ["Answers__HoldBytes"] = "2097152",
            ["Clients__MaxUploads"] = "2",
            ["Clients__MaxConnections"] = "12",
            ["Clients__MaxFailures"] = "5",
            ["Clients__FailureWindow"] = "00:05:00",
            ["Proxies__Known"] = "127.0.0.2",
            ["PublicUrl"] = "https://pay.example.com/gate",
        });
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Alpha.DisposeAsync();
        await Beta.DisposeAsync();
        await _stores!.DisposeAsync();
    }
}
