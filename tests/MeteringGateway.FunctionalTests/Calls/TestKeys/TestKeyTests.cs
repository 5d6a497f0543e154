using System.Net;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.TestKeys;

public sealed class TestKeyTests : IAsyncLifetime
{
    private readonly FakeProvider _provider = FakeProvider.Start();
    private Stores? _stores;
    private GatewayProcess _gateway = null!;

    private GatewayClient Client => _gateway.Client;

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        _gateway = await GatewayProcess.StartAsync(_stores, new
        {
            ReverseProxy = new { Clusters = new { alpha = new { Destinations = new { a1 = new { _provider.Address } } } } },
            Surfaces = new
            {
                search = new { Price = new { Credits = 2 }, Providers = new[] { "alpha" } },
                quick = new { Price = new { Credits = 2 }, Providers = new[] { "alpha" }, TotalTimeout = "00:00:00.100" },
                dear = new { Price = new { Credits = 100_001 }, Providers = new[] { "alpha" } },
                chat = new
                {
                    Price = new { Usage = "usage.total_tokens", CreditsPerThousand = 3, MaxCredits = 50 },
                    Providers = new[] { "alpha" },
                },
            },
        });
        await Eventually.TrueAsync(
            async () => (await Client.SendAsync(HttpMethod.Get, "readyz", null, null)).Status == HttpStatusCode.OK, () => "not ready");
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
        await _stores!.DisposeAsync();
    }

    [Fact]
    public async Task Call_WithATestKey_IsAnsweredLikeALiveOneAndTouchesNothing()
    {
        var account = await Client.CreateAccountAsync(10);
        var key = await Client.CreateKeyAsync(account, new { name = "t", mode = "test", spending_limit = 60 });

        for (var i = 0; i < 5; i++)
        {
            var answer = await Client.QueryAsync(key, new { surface = "search" });
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal((2, 99_998), (answer.CreditsCharged, answer.RemainingCredits));
            Assert.Equal(
                ("2", "99998", "sandbox"),
                (answer.Headers["X-Credits-Charged"], answer.Headers["X-Credits-Remaining"], answer.Headers["X-Provider"]));
            Assert.True(answer.Json.GetProperty("result").GetProperty("test").GetBoolean());
            Assert.Equal("\"fixed\";r=60", answer.Headers["RateLimit"]);
        }

        Assert.Equal(3, (await Client.QueryAsync(key, new { surface = "chat" })).CreditsCharged);
        Assert.Equal(0, _provider.Count);
        Assert.Equal(10, (await Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess()
            .GetProperty("credit_balance").GetInt64());
        Assert.Equal(1, (await Client.VerifyLedgerAsync()).GetProperty("entries").GetInt64());
    }

    [Theory]
    [InlineData("insufficient_credits", 402, "insufficient_credits")]
    [InlineData("key_limit_exceeded", 402, "key_limit_exceeded")]
    [InlineData("providers_failed", 502, "providers_failed")]
    [InlineData("sloow", 400, "invalid_request")]
    public async Task Scenario_AskedFor_Happens(string scenario, int status, string code)
    {
        var key = await Client.CreateKeyAsync(await Client.CreateAccountAsync(), new { name = "t", mode = "test" });

        var answer = await Client.QueryAsync(key, new { surface = "search" }, ("X-Test-Scenario", scenario));

        Assert.Equal((status, code), ((int)answer.Status, answer.Code));
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
        Assert.Equal(0, answer.CreditsCharged);
        var asked = scenario switch
        {
            "insufficient_credits" => answer.Json.GetProperty("required_credits").GetInt64() == 2 && answer.RemainingCredits == 0,
            "key_limit_exceeded" => answer.Json.GetProperty("limit").GetInt64() == 2 && answer.Json.GetProperty("spent").GetInt64() == 2,
            "providers_failed" => answer.Attempts is ["alpha:status"],
            _ => answer.Text.Contains("insufficient_credits, key_limit_exceeded, providers_failed, slow", StringComparison.Ordinal),
        };
        Assert.True(asked, answer.Text);
    }

    [Fact]
    public async Task Scenario_SlowOrWithALiveKey_IsAnsweredWell()
    {
        var account = await Client.CreateAccountAsync(10);
        var test = await Client.CreateKeyAsync(account, new { name = "t", mode = "test" });
        var live = await Client.CreateKeyAsync(account);

        var slow = await Client.QueryAsync(test, new { surface = "quick" }, ("X-Test-Scenario", "slow"));
        var ignored = await Client.QueryAsync(live, new { surface = "search" }, ("X-Test-Scenario", "providers_failed"));

        Assert.True(
            slow.Expect(HttpStatusCode.OK).GetProperty("provider_attempts")[0].GetProperty("duration_ms").GetInt64() >= 90, slow.Text);
        Assert.Equal(HttpStatusCode.OK, ignored.Status);
    }

    [Fact]
    public async Task Call_ThatALiveKeyWouldNotMake_IsRefusedInTheSameWords()
    {
        var account = await Client.CreateAccountAsync();
        var made = (await Client.AdminAsync(
            HttpMethod.Post, $"admin/accounts/{account}/keys",
            new { name = "t", mode = "test", surfaces = new[] { "search", "dear" }, spending_limit = 1 })).ExpectSuccess();
        var (key, id) = (made.GetProperty("key").GetString()!, made.GetProperty("id").GetInt64());

        Assert.Equal("surface_not_allowed", (await Client.QueryAsync(key, new { surface = "chat" })).Code);
        Assert.Equal("unknown_surface", (await Client.QueryAsync(key, new { surface = "none" })).Code);
        Assert.Equal("insufficient_credits", (await Client.QueryAsync(key, new { surface = "dear" })).Code);
        Assert.Equal("key_limit_exceeded", (await Client.QueryAsync(key, new { surface = "search" })).Code);
        (await Client.AdminAsync(HttpMethod.Patch, $"admin/accounts/{account}", new { status = "suspended" })).ExpectSuccess();
        Assert.Equal("account_suspended", (await Client.QueryAsync(key, new { surface = "search" })).Code);
        Assert.Equal(HttpStatusCode.NoContent, (await Client.AdminAsync(HttpMethod.Delete, $"admin/keys/{id}")).Status);
        Assert.Equal("invalid_key", (await Client.QueryAsync(key, new { surface = "search" }, ("X-Test-Scenario", "wrong"))).Code);
    }
}
