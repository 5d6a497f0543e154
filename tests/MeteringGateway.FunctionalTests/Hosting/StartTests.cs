using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Hosting;

public sealed class StartTests
{
    public static TheoryData<string, string, string> Broken => new()
    {
        { "Credits__Usd", "-1", "Credits:Usd" },
        { "Credits__HoldGrace", "soon", "Credits:HoldGrace" },
        { "Ledger__BatchSize", "0", "Ledger:BatchSize" },
        { "Surfaces__search__Price__Credits", "1.5", "Surfaces:search:Price:Credits" },
        { "Surfaces__search__Providers__1", "gamma", "Surfaces:search:Providers" },
        { "Surfaces__search__AttemptTimeout", "-00:00:01", "Surfaces:search:AttemptTimeout" },
        { "ReverseProxy__Clusters__alpha__Destinations__a1__Address", "nowhere", "ReverseProxy:Clusters:alpha" },
        { "Urls", "not an address", "Urls" },
        { "ConnectionStrings__Redis", "", "ConnectionStrings:Redis" },
        { "ALPHA_KEY", "", "ALPHA_KEY" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Serve_BrokenConfiguration_StopsWithOneLineThatNamesIt(string name, string value, string named)
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        await using var gateway = await GatewayProcess.LaunchAsync(
            stores, MeteringFixture.Config(alpha, alpha), new Dictionary<string, string> { ["ALPHA_KEY"] = "x", [name] = value });
        Assert.Equal(2, await gateway.Exited);
        var line = Assert.Single(gateway.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(named, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_SeveralThingsBroken_NamesThemAll()
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        await using var gateway = await GatewayProcess.LaunchAsync(stores, MeteringFixture.Config(alpha, alpha),
            new Dictionary<string, string>
            {
                ["ALPHA_KEY"] = "x",
                ["Credits__Usd"] = "0",
                ["Ledger__BatchSize"] = "x",
                ["Surfaces__ads__Price__Credits__full"] = "0",
            });
        Assert.Equal(2, await gateway.Exited);
        Assert.Equal(3, gateway.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Serve_WithNothingOnSale_SaysSoInOneLineAndWhereItLooked()
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        using var folder = new TemporaryDirectory();
        await File.WriteAllTextAsync(
            folder.In("wares.json"),
            """{ "packages": [{ "slug": "ten", "name": "Ten", "credits": 10, "price_cents": 10, "currency": "USD" }] }""");
        var key = new Dictionary<string, string> { ["ALPHA_KEY"] = "x" };

        await using (var empty = await GatewayProcess.StartAsync(stores, MeteringFixture.Config(alpha, alpha), key))
        {
            var line = Assert.Single(empty.Log.Split('\n'), line => line.Contains("on sale", StringComparison.Ordinal));
            Assert.Contains(
                Path.Combine(Path.GetDirectoryName(empty.ConfigFile)!, "catalog.json") + " does not exist", line, StringComparison.Ordinal);
            Assert.Contains(" info: ", line, StringComparison.Ordinal);
        }

        key["Catalog__File"] = Path.GetRelativePath(Path.GetTempPath(), folder.In("wares.json")).Insert(0, "../");
        await using var selling = await GatewayProcess.StartAsync(stores, MeteringFixture.Config(alpha, alpha), key);
        Assert.DoesNotContain("on sale", selling.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--maxmemory-policy", "allkeys-lru", "noeviction")]
    [InlineData("--appendonly", "no", "appendonly")]
    public async Task Serve_OnARedisThatMayLoseMoney_DoesNotStart(string option, string value, string named)
    {
        await using var stores = await Stores.StartAsync(new RedisServerOptions { Arguments = [option, value] });
        await using var alpha = FakeProvider.Start();
        var environment = new Dictionary<string, string> { ["ALPHA_KEY"] = "x" };

        // A gateway that did not hear Redis in time starts, and takes no hold later: on a busy machine it is started again.
        for (var start = 1; ; start++)
        {
            await using var gateway = await GatewayProcess.LaunchAsync(stores, MeteringFixture.Config(alpha, alpha), environment);
            await Eventually.TrueAsync(
                () => Task.FromResult(gateway.Exited.IsCompleted || gateway.Log.Contains("Now listening", StringComparison.Ordinal)),
                () => gateway.Log, GatewayProcess.StartPatience);
            if (gateway.Exited.IsCompleted || start == 10)
            {
                await gateway.StopAsync();
                Assert.Equal(2, await gateway.Exited);
                Assert.Contains(named, gateway.Log, StringComparison.Ordinal);
                return;
            }
        }
    }

    [Fact]
    public async Task Serve_WithoutPostgres_SaysOnceThatItWaits()
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        await using var gateway = await GatewayProcess.LaunchAsync(stores, MeteringFixture.Config(alpha, alpha),
            new Dictionary<string, string>
            {
                ["ALPHA_KEY"] = "x",
                ["ConnectionStrings__Postgres"] = $"Host=127.0.0.1;Port={LoopbackPort.Free()};Username=x",
            });
        await Eventually.TrueAsync(
            () => Task.FromResult(gateway.Log.Contains("for PostgreSQL", StringComparison.Ordinal)), () => gateway.Log);
        await gateway.StopAsync();
        Assert.Single(gateway.Log.Split('\n'), line => line.Contains("for PostgreSQL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reload_OfAFile_TakesWhatIsRightAndKeepsTheOldOtherwise()
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        await using var beta = FakeProvider.Start("""{"from":"beta"}""");
        await using var gateway = await GatewayProcess.StartAsync(stores, Config(alpha, 2));
        var key = await gateway.Client.CreateKeyAsync(await gateway.Client.CreateAccountAsync(1_000));
        Assert.Equal(2, (await gateway.Client.QueryAsync(key, """{"surface":"search"}""")).CreditsCharged);

        await gateway.ReplaceConfigAsync(Config(beta, -3));
        await AwaitMetricAsync("metering_config_reloads_total{result=\"rejected\"} 1");
        Assert.Equal(2, (await gateway.Client.QueryAsync(key, """{"surface":"search"}""")).CreditsCharged);

        await gateway.ReplaceConfigAsync(Config(beta, 3));
        await AwaitMetricAsync("metering_config_reloads_total{result=\"accepted\"} 1");
        var answer = await gateway.Client.QueryAsync(key, """{"surface":"search"}""");
        Assert.Equal((3, "beta"), (answer.CreditsCharged, answer.Json.GetProperty("result").GetProperty("from").GetString()));

        Task AwaitMetricAsync(string line) => Eventually.TrueAsync(
            async () => (await gateway.Client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text.Contains(
                line, StringComparison.Ordinal),
            () => "no " + line);
    }

    [Fact]
    public async Task Reload_OfAPriceWhileACallIsInFlight_ChargesWhatWasReserved()
    {
        await using var stores = await Stores.StartAsync();
        var answers = new TaskCompletionSource();
        await using var alpha = FakeProvider.Start(FakeReply.Json("{}") with { Until = answers.Task });
        await using var gateway = await GatewayProcess.StartAsync(stores, Config(alpha, 2));
        var account = await gateway.Client.CreateAccountAsync(100);
        var key = await gateway.Client.CreateKeyAsync(account);
        var inFlight = gateway.Client.QueryAsync(key, """{"surface":"search"}""");
        await alpha.AwaitCountAsync(1);

        await gateway.ReplaceConfigAsync(Config(alpha, 5));
        await Eventually.TrueAsync(
            async () => (await gateway.Client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text.Contains(
                "metering_config_reloads_total{result=\"accepted\"} 1", StringComparison.Ordinal),
            () => "not reloaded");
        answers.SetResult();

        Assert.Equal((2, 98), ((await inFlight).CreditsCharged, (await inFlight).RemainingCredits));
        var next = await gateway.Client.QueryAsync(key, """{"surface":"search"}""");
        Assert.Equal((5, 93), (next.CreditsCharged, next.RemainingCredits));
        Assert.Equal([100, -2, -5], (await stores.Books.AwaitEntriesAsync(account, 3)).Select(entry => entry.CreditsDelta));
    }

    [Fact]
    public async Task Serve_StoppedAndStartedAgain_KeepsTheBalance()
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        var first = await GatewayProcess.StartAsync(stores, Config(alpha, 2));
        var key = await first.Client.CreateKeyAsync(await first.Client.CreateAccountAsync(100));
        Assert.Equal(98, (await first.Client.QueryAsync(key, """{"surface":"search"}""")).RemainingCredits);
        Assert.Equal(0, await first.StopAsync());
        await first.DisposeAsync();
        await stores.Redis.RestartAsync(CancellationToken.None);
        await using var second = await GatewayProcess.StartAsync(stores, Config(alpha, 2));
        Assert.Equal(96, (await second.Client.QueryAsync(key, """{"surface":"search"}""")).RemainingCredits);
    }

    private static object Config(FakeProvider provider, int price) => new
    {
        ReverseProxy = new { Clusters = new { p = new { Destinations = new { d = new { provider.Address } } } } },
        Surfaces = new { search = new { Name = "Search", Price = new { Credits = price }, Providers = new[] { "p" } } },
    };
}
