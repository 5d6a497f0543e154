using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Fixtures;

public sealed class GatewayProcessTests
{
    private static readonly string[] Chain = ["alpha"];

    [Fact]
    public async Task TwoGateways_OnTheSameStores_ServeOneAccount()
    {
        await using var provider = FakeProvider.Start();
        await using var stores = await Stores.StartAsync();
        await using var first = await GatewayProcess.StartAsync(stores, Config(provider));
        await using var second = await GatewayProcess.StartAsync(stores, Config(provider));

        var account = await first.Client.CreateAccountAsync(credits: 10);
        var key = await first.Client.CreateKeyAsync(account);
        var answers = new[]
        {
            await first.Client.QueryAsync(key, new { surface = "search" }), await second.Client.QueryAsync(key, new { surface = "search" }),
        };

        Assert.Equal([8, 6], answers.Select(answer => { answer.ExpectSuccess(); return answer.RemainingCredits; }));
        var entries = await stores.Books.AwaitEntriesAsync(account, 3);
        Assert.Equal(6, entries[^1].BalanceAfter);
        Assert.Empty(await stores.Books.ProblemsAsync());
        Assert.Null(provider.Requests[0].Header("Authorization"));
        Assert.Equal(0, await first.StopAsync());
        await second.Kill9Async();
        Assert.Equal(128 + 9, await second.Exited);
    }

    [Fact]
    public async Task Gateway_BrokenConfiguration_EndsAndSaysWhy()
    {
        await using var stores = await Stores.StartAsync();
        await using var gateway = await GatewayProcess.LaunchAsync(
            stores, "{ \"Surfaces\": { \"search\": { \"Price\": { \"Credits\": -1 }, \"Providers\": [\"nobody\"] } } }");
        Assert.NotEqual(0, await gateway.Exited.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System));
        Assert.Contains("Surfaces:search", gateway.Log, StringComparison.Ordinal);
    }

    private static object Config(FakeProvider provider) => new
    {
        ReverseProxy = new { Clusters = new { alpha = new { Destinations = new { a1 = new { provider.Address } } } } },
        Surfaces = new { search = new { Name = "Web search", Price = new { Credits = 2 }, Providers = Chain } },
    };
}
