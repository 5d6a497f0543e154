using System.Text.Json;
using MeteringGateway.Testing;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Hosting;

/// <summary>What an operator meets who gets a setting wrong, or changes one while the gateway runs.</summary>
public sealed class SettingsTests
{
    public static TheoryData<string, string, string> Refused => new()
    {
        {
            "Paymnts__Sandbox__Enabled", "true",
            "Paymnts__Sandbox__Enabled (a variable of the environment) is unknown: did you mean Payments__Sandbox__Enabled?"
        },
        { "Payments__Sandbx__Enabled", "true", "Payments:Sandbx is unknown: did you mean Sandbox?" },
        { "Logging__LogLevl__Default", "Debug", "Logging:LogLevl is unknown: did you mean LogLevel?" },
        { "Kestrel__Endpoints__a__Urls", "http://127.0.0.1:0", "Kestrel:Endpoints:a:Urls is unknown: did you mean Url?" },
        {
            "ConnectionStrings__Postgres", "postgresql://postgres:geheim@127.0.0.1:x/db",
            "ConnectionStrings:Postgres can't be used, value not shown"
        },
        { "ConnectionStrings__Postgres", "Host=127.0.0.1;Passwrd=geheim", "did you mean Password?" },
        { "ConnectionStrings__Redis", "127.0.0.1:1,passwrd=geheim", "did you mean password?" },
        { "Admin__Token", "geheim mit Leerzeichen", "Admin:Token has a value that no header can carry (not shown)" },
    };

    [Theory]
    [InlineData("http://192.0.2.1:8080", false)]
    [InlineData("https://127.0.0.1:0", true)]
    public async Task Serve_AddressThatCantBeListenedOn_StopsWithOneLine(string url, bool withWrongCertificate)
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        var environment = new Dictionary<string, string> { ["Kestrel__Endpoints__a__Url"] = url };
        if (withWrongCertificate)
        {
            environment["Kestrel__Endpoints__a__Certificate__Path"] = typeof(SettingsTests).Assembly.Location;
            environment["Kestrel__Endpoints__a__Certificate__Password"] = "geheim";
        }

        await using var gateway = await GatewayProcess.LaunchAsync(stores, Config(alpha, 2), environment);

        Assert.Equal(2, await gateway.Exited);
        Assert.Contains("Urls or Kestrel:Endpoints can't be listened on: ", gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", gateway.Log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Serve_SettingThatNobodyReadsOrASecretThatIsWrong_StopsWithoutTheSecret(string name, string value, string line)
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        await using var gateway = await GatewayProcess.LaunchAsync(
            stores, Config(alpha, 2), new Dictionary<string, string> { [name] = value });

        Assert.Equal(2, await gateway.Exited);
        Assert.Contains(line, gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_FirstAndNextStart_LogNoWarning()
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        for (var start = 0; start < 2; start++)
        {
            var gateway = await GatewayProcess.StartAsync(
                stores, Config(alpha, 2), new Dictionary<string, string> { ["Surfaces_x"] = "1", ["FOO__BAR"] = "1" });
            await gateway.AwaitReadyzAsync(System.Net.HttpStatusCode.OK);
            await gateway.StopAsync();

            // The PostgreSQL of the tests does not wait for its disk, which is worth a warning anywhere else.
            Assert.DoesNotContain(gateway.Log.Split('\n'), line =>
                (line.Contains("warn:", StringComparison.Ordinal) && !line.Contains("fsync = off", StringComparison.Ordinal))
                || line.Contains("fail:", StringComparison.Ordinal));
            Assert.Single(gateway.Log.Split('\n'), line => line.Contains("16 partitions were opened", StringComparison.Ordinal));
            await gateway.DisposeAsync();
            await stores.Redis.RestartAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Serve_StoresAsUrlsAndLogInJson_ServesAndLogsSo()
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        var postgres = new NpgsqlConnectionStringBuilder(stores.PostgresConnection);
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = $"postgresql://{postgres.Username}:{Uri.EscapeDataString(postgres.Password ?? "")}@"
                + $"{postgres.Host}:{postgres.Port}/{postgres.Database}",
            ["ConnectionStrings__Redis"] = "redis://" + stores.RedisConnection,
            ["Logging__Console__FormatterName"] = "json",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Information",
        };
        await using var gateway = await GatewayProcess.StartAsync(stores, Config(alpha, 2), environment);
        var key = await gateway.Client.CreateKeyAsync(await gateway.Client.CreateAccountAsync(100));

        Assert.Equal(98, (await gateway.Client.QueryAsync(key, """{"surface":"search"}""")).RemainingCredits);
        await gateway.StopAsync();
        var lines = gateway.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
        Assert.Contains(lines, line => line.Contains("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reload_OfAPrice_IsLoggedAuditedAndShownToTheOperator()
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        await using var gateway = await GatewayProcess.StartAsync(stores, Config(alpha, 2));
        Assert.Equal(2, await PriceAsync(gateway));

        await gateway.ReplaceConfigAsync(Config(alpha, 0.5));
        await AwaitMetricAsync(gateway, "metering_config_last_reload_successful 0");
        Assert.Equal(2, await PriceAsync(gateway));

        await gateway.ReplaceConfigAsync(Config(alpha, 7));
        await AwaitMetricAsync(gateway, "metering_config_last_reload_successful 1");
        Assert.Equal(7, await PriceAsync(gateway));
        await Eventually.TrueAsync(
            () => Task.FromResult(gateway.Log.Contains("search: 2 → 7", StringComparison.Ordinal)), () => gateway.Log);
        JsonElement entry = default;
        await Eventually.TrueAsync(
            async () =>
            {
                var entries = (await AdminAsync(gateway, "admin/audit")).GetProperty("entries").EnumerateArray()
                    .Where(one => one.GetProperty("actor").GetString() == "configuration").ToArray();
                entry = entries.FirstOrDefault();
                return entries.Length == 1;
            },
            () => "the audit has not one entry of the configuration");
        Assert.Equal(
            ("surface.changed", "surface:search"), (entry.GetProperty("action").GetString(), entry.GetProperty("target").GetString()));
        Assert.Equal((2, 7), (Credits(entry.GetProperty("before")), Credits(entry.GetProperty("after"))));
    }

    [Fact]
    public async Task Reload_OfASettingOfTheStart_SaysThatItNeedsARestart()
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        await using var gateway = await GatewayProcess.StartAsync(stores, Config(alpha, 2));

        await gateway.ReplaceConfigAsync(Config(alpha, 2, batchSize: 77));

        await Eventually.TrueAsync(
            () => Task.FromResult(gateway.Log.Contains("Ledger:BatchSize: 500 → 77 needs a restart", StringComparison.Ordinal)),
            () => gateway.Log);
    }

    [Fact]
    public async Task Query_DestinationWithAHost_ProviderIsCalledByIt()
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        await using var gateway = await GatewayProcess.StartAsync(stores, Config(alpha, 2, host: "api.example.com"));
        var key = await gateway.Client.CreateKeyAsync(await gateway.Client.CreateAccountAsync(100));

        await gateway.Client.QueryAsync(key, """{"surface":"search"}""");

        Assert.Equal("api.example.com", Assert.Single(alpha.Requests).Header("Host"));
    }

    private static async Task<JsonElement> AdminAsync(GatewayProcess gateway, string path) =>
        (await gateway.Client.SendAsync(HttpMethod.Get, path, GatewayProcess.AdminToken, null)).Json;

    private static async Task<long> PriceAsync(GatewayProcess gateway) =>
        Credits((await AdminAsync(gateway, "admin/surfaces")).GetProperty("surfaces").EnumerateArray().Single());

    private static long Credits(JsonElement surface) => surface.GetProperty("price").GetProperty("credits").GetInt64();

    private static Task AwaitMetricAsync(GatewayProcess gateway, string line) => Eventually.TrueAsync(
        async () => (await gateway.Client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text.Contains(
            $"\n{line}\n", StringComparison.Ordinal),
        () => "no " + line);

    private static object Config(FakeProvider provider, double price, int batchSize = 500, string? host = null) => new
    {
        ReverseProxy = new { Clusters = new { p = new { Destinations = new { d = new { provider.Address, Host = host } } } } },
        Surfaces = new { search = new { Name = "Search", Price = new { Credits = price }, Providers = new[] { "p" } } },
        Ledger = new { BatchSize = batchSize },
    };
}
