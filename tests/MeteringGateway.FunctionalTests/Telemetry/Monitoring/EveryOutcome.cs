using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Telemetry.Monitoring;

/// <summary>Calls that end in every way that needs no store to be away: what rules and dashboards ask for is there then.</summary>
internal sealed class EveryOutcome(GatewayClient client, string paid, string poor, string limited, string slow, string narrow, string test)
{
    public const int MaxBufferedBytes = 1024 * 1024;

    private int _round;

    public static object Config(FakeProvider provider) => new
    {
        ReverseProxy = new
        {
            Clusters = new Dictionary<string, object>
            {
                ["alpha"] = Cluster(provider.Address, "/ok"),
                ["failing"] = Cluster(provider.Address, "/fail"),
                ["hanging"] = Cluster(provider.Address, "/hang"),
                ["rejecting"] = Cluster(provider.Address, "/reject"),
                ["large"] = Cluster(provider.Address, "/large"),
                ["down"] = Cluster($"http://127.0.0.1:{LoopbackPort.Free()}", "/ok"),
            },
        },
        Surfaces = new Dictionary<string, object>
        {
            ["search"] = new { Price = new { Credits = 2 }, Providers = new[] { "failing", "alpha" } },
            ["free"] = new { Price = new { Credits = 0 }, Providers = new[] { "alpha" } },
            ["small"] = new { Price = new { Credits = 1 }, Providers = new[] { "alpha" }, MaxRequestBytes = 200 },
            ["none-answers"] = new { Price = new { Credits = 1 }, Providers = new[] { "down" } },
            ["late"] = new
            {
                Price = new { Credits = 1 },
                Providers = new[] { "hanging" },
                AttemptTimeout = "00:00:00.100",
                TotalTimeout = "00:00:00.200",
            },
            ["rejects"] = new { Price = new { Credits = 1 }, Providers = new[] { "rejecting" } },
            ["too-large"] = new { Price = new { Credits = 1 }, Providers = new[] { "large" } },
        },
        Memory = new { MaxBufferedBytes },
        Answers = new { HoldBytes = MaxBufferedBytes },
    };

    public static FakeReply Answer(ReceivedRequest request) => request.Target switch
    {
        "/fail" => FakeReply.Error(503),
        "/hang" => FakeReply.Hang(),
        "/reject" => FakeReply.Error(400),
        // As long as what all calls may buffer, and its request is there too.
        "/large" => FakeReply.Json($"\"{new string('x', MaxBufferedBytes - 2)}\""),
        _ => FakeReply.Json("""{"answer":42}"""),
    };

    public static async Task<EveryOutcome> CreateAsync(GatewayClient client)
    {
        var account = await client.CreateAccountAsync(100_000);
        var empty = await client.CreateAccountAsync();
        return new EveryOutcome(
            client,
            await client.CreateKeyAsync(account),
            await client.CreateKeyAsync(empty),
            await client.CreateKeyAsync(account, new { name = "limited", mode = "live", spending_limit = 1, spending_type = "FIXED" }),
            await client.CreateKeyAsync(account, new { name = "slow", mode = "live", rate_limit_per_minute = 1 }),
            await client.CreateKeyAsync(account, new { name = "narrow", mode = "live", surfaces = new[] { "free" } }),
            await client.CreateKeyAsync(account, new { name = "test", mode = "test" }));
    }

    /// <summary>One call of each kind; the codes of those that were refused.</summary>
    public async Task<IReadOnlyList<string>> RoundAsync()
    {
        var again = $"round-{Interlocked.Increment(ref _round)}";
        const string Search = """{"surface":"search"}""";
        GatewayAnswer[] answers =
        [
            await client.QueryAsync(paid, Search, ("Idempotency-Key", again)),
            await client.QueryAsync(paid, Search, ("Idempotency-Key", again)),
            await client.QueryAsync(paid, """{"surface":"search","other":1}""", ("Idempotency-Key", again)),
            await client.QueryAsync(paid, """{"surface":"free"}"""),
            await client.QueryAsync(test, Search),
            await client.SendAsync(HttpMethod.Post, "api/v1/query?dry_run=true", paid, Json(Search)),
            await client.QueryAsync(poor, Search),
            await client.QueryAsync(limited, Search),
            await client.QueryAsync(slow, Search),
            await client.QueryAsync(slow, Search),
            await client.QueryAsync(narrow, Search),
            await client.QueryAsync("mg_live_unknown", Search),
            await client.QueryAsync(paid, "{"),
            await client.QueryAsync(paid, """{"surface":7}"""),
            await client.QueryAsync(paid, """{"surface":"nowhere"}"""),
            await client.QueryAsync(paid, $$"""{"surface":"small","pad":"{{new string('x', 300)}}"}"""),
            await client.SendAsync(HttpMethod.Post, "api/v1/query", paid, new StringContent(Search)),
            await client.QueryAsync(paid, """{"surface":"none-answers"}"""),
            await client.QueryAsync(paid, """{"surface":"late"}"""),
            await client.QueryAsync(paid, """{"surface":"rejects"}"""),
            await client.QueryAsync(paid, """{"surface":"too-large"}"""),
        ];
        return [.. answers.Select(answer => answer.Code).OfType<string>()];
    }

    private static object Cluster(string address, string path) =>
        new { Destinations = new { one = new { Address = address } }, Metadata = new { Path = path } };

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");
}
