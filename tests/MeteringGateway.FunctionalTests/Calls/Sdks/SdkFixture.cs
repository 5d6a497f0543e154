using System.Globalization;
using System.Text.Json;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Shapes;

namespace MeteringGateway.FunctionalTests.Calls.Sdks;

/// <summary>
/// One gateway whose surfaces <c>openai</c> and <c>anthropic</c> have their providers' own paths, and whose memory for bodies is small.
/// </summary>
public sealed class SdkFixture : IAsyncLifetime
{
    /// <summary>What all calls together may buffer.</summary>
    public const int MaxBufferedBytes = 1024 * 1024;

    private static readonly NodeScripts s_scripts = new("Calls/Sdks/node");
    private Stores? _stores;
    private GatewayProcess? _gateway;

    public FakeProvider OpenAi { get; } = FakeProvider.Start(OpenAiProvider.Answer);
    public FakeProvider Anthropic { get; } = FakeProvider.Start(AnthropicProvider.Answer);
    public GatewayProcess Gateway => _gateway!;
    public GatewayClient Client => Gateway.Client;

    public async Task InitializeAsync()
    {
        var installing = s_scripts.InstallAsync();
        _stores = await Stores.StartAsync();
        _gateway = await GatewayProcess.StartAsync(
            _stores, Config(),
            new Dictionary<string, string> { ["OPENAI_KEY"] = OpenAiProvider.Key, ["ANTHROPIC_KEY"] = AnthropicProvider.Key });
        await installing;
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await OpenAi.DisposeAsync();
        await Anthropic.DisposeAsync();
        await _stores!.DisposeAsync();
    }

    public FakeProvider ProviderOf(string sdk) => sdk == "openai" ? OpenAi : Anthropic;

    public async Task<(long Account, string Key)> NewKeyAsync(long credits = 1_000, int? perMinute = null)
    {
        var account = await Client.CreateAccountAsync(credits);
        return (account, await Client.CreateKeyAsync(account, new { name = "sdk", mode = "live", rate_limit_per_minute = perMinute }));
    }

    /// <summary>The SDK's calls of these names, in one process; variables as <c>node/run.mjs</c> reads them.</summary>
    public Task<IReadOnlyList<JsonElement>> RunAsync(
        string sdk, string key, IReadOnlyList<string> calls, params (string Name, string Value)[] variables) =>
        s_scripts.RunAsync($"{sdk}.mjs", calls, new Dictionary<string, string>(
            variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)))
        {
            ["GATEWAY"] = Gateway.Address.GetLeftPart(UriPartial.Authority),
            ["KEY"] = key,
        });

    /// <summary>How many of the gateway's calls have ended so.</summary>
    public async Task<int> CallsAsync(string sdk, string outcome)
    {
        var metrics = (await Client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text;
        var line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith("metering_requests_total{", StringComparison.Ordinal)
            && line.Contains($"surface=\"{sdk}\"", StringComparison.Ordinal)
            && line.Contains($"outcome=\"{outcome}\"", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line[line.LastIndexOf(' ')..], CultureInfo.InvariantCulture);
    }

    /// <summary>What the account's entries charge, once all of them are in the ledger and no hold is left.</summary>
    public async Task<IReadOnlyList<BookEntry>> ChargesAsync(long account, int count)
    {
        await _stores!.Books.AwaitEntriesAsync(account, 1 + count);
        await Eventually.TrueAsync(
            async () => (await Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess()
                .GetProperty("held_credits").GetInt64() == 0,
            () => "a hold is left");
        var entries = await _stores.Books.EntriesAsync(account);
        Assert.Equal(1 + count, entries.Count);
        return [.. entries.Skip(1)];
    }

    private object Config() => new
    {
        ReverseProxy = new
        {
            Clusters = new Dictionary<string, object>
            {
                ["openai"] = Cluster(OpenAi, "Header:Authorization", "Bearer ${OPENAI_KEY}"),
                ["anthropic"] = Cluster(Anthropic, "Header:x-api-key", "${ANTHROPIC_KEY}"),
            },
        },
        Surfaces = new Dictionary<string, object>
        {
            ["openai"] = new
            {
                Price = new { Usage = Rates("usage.prompt_tokens", "usage.completion_tokens"), Per = 10, MaxCredits = 500 },
                Providers = new[] { "openai" },
                Routes = new[] { "POST " + OpenAiProvider.Path },
                AskForUsage = true,
            },
            ["anthropic"] = new
            {
                Price = new
                {
                    By = "model",
                    Usage = new Dictionary<string, object>
                    {
                        ["small"] = new Dictionary<string, int> { ["usage.output_tokens"] = 1 },
                        ["large"] = Rates("usage.input_tokens", "usage.output_tokens"),
                    },
                    Per = 10,
                    MaxCredits = 500,
                },
                Providers = new[] { "anthropic" },
                Routes = new[] { "POST " + AnthropicProvider.Path },
            },
        },
        Memory = new { MaxBufferedBytes },
        Providers = new { Health = new { Enabled = false } },
    };

    private static Dictionary<string, int> Rates(string input, string output) =>
        new() { [input] = 3, [output] = 15 };

    private static object Cluster(FakeProvider provider, string header, string value) => new
    {
        Destinations = new { d = new { provider.Address } },
        Metadata = new Dictionary<string, string> { [header] = value },
    };
}
