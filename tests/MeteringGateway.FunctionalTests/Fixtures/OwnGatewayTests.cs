using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Fixtures;

/// <summary>Tests that break Redis or PostgreSQL below a gateway: each has both, a gateway and a provider of its own.</summary>
public abstract class OwnGatewayTests : IAsyncLifetime
{
    private readonly FakeProvider _provider = FakeProvider.Start();

    protected Stores Stores { get; private set; } = null!;
    protected GatewayProcess Gateway { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Stores = await Stores.StartAsync();
        Gateway = await GatewayProcess.StartAsync(
            Stores, MeteringFixture.Config(_provider, _provider), new Dictionary<string, string> { ["ALPHA_KEY"] = "x" });
        _provider.Script = _ => FakeReply.Json("{}");
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _provider.DisposeAsync();
        await Stores.DisposeAsync();
    }
}
