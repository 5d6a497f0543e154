using System.Net;
using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.Keys;

/// <summary>What is changed through one gateway holds on the other from its very next request.</summary>
public sealed class NextRequestTests : IAsyncLifetime
{
    private const string Call = """{"surface":"seven"}""";
    private readonly FakeProvider _provider = FakeProvider.Start();
    private Stores? _stores;
    private GatewayProcess? _one;
    private GatewayProcess? _two;
    private long _account;
    private long _id;
    private string _key = "";

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        var environment = new Dictionary<string, string> { ["ALPHA_KEY"] = "x" };
        _one = await GatewayProcess.StartAsync(_stores, MeteringFixture.Config(_provider, _provider), environment);
        _two = await GatewayProcess.StartAsync(_stores, MeteringFixture.Config(_provider, _provider), environment);
        _account = await _one.Client.CreateAccountAsync(1_000);
        _key = await _one.Client.CreateKeyAsync(_account);
        _id = (await _one.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{_account}/keys")).ExpectSuccess().GetProperty("keys")[0]
            .GetProperty("id").GetInt64();
        Assert.Null(await OnTheOtherAsync());
    }

    public async Task DisposeAsync()
    {
        await _one!.DisposeAsync();
        await _two!.DisposeAsync();
        await _provider.DisposeAsync();
        await _stores!.DisposeAsync();
    }

    [Fact]
    public async Task Change_OnOneGateway_HoldsOnTheOther()
    {
        await ChangeAsync("keys", new { spending_limit = 10, spending_type = "RECURRING", spending_period = "DAILY" });
        Assert.Equal("key_limit_exceeded", await OnTheOtherAsync());
        await ChangeAsync("keys", new { spending_limit = 14, spending_type = "RECURRING", spending_period = "DAILY" });
        Assert.Null(await OnTheOtherAsync());
        Assert.Equal("key_limit_exceeded", await OnTheOtherAsync());
        await ChangeAsync("keys", new { spending_limit = 15, spending_type = "RECURRING", spending_period = "MONTHLY" });
        Assert.Equal("key_limit_exceeded", await OnTheOtherAsync());
        await ChangeAsync("keys", new { spending_limit = (int?)null });
        Assert.Null(await OnTheOtherAsync());

        await ChangeAsync("accounts", new { monthly_budget = 22 });
        Assert.Equal("account_budget_exceeded", await OnTheOtherAsync());
        await ChangeAsync("accounts", new { monthly_budget = (int?)null, status = "suspended" });
        Assert.Equal("account_suspended", await OnTheOtherAsync());
        await ChangeAsync("accounts", new { status = "active" });
        Assert.Null(await OnTheOtherAsync());

        await ChangeAsync("keys", new { surfaces = new[] { "ads" } });
        Assert.Equal("surface_not_allowed", await OnTheOtherAsync());
        await ChangeAsync("keys", new { surfaces = (string[]?)null, rate_limit_per_minute = 1 });
        Assert.Contains(await OnTheOtherAsync(), new[] { null, "rate_limited" });
        Assert.Equal("rate_limited", await OnTheOtherAsync());
        await ChangeAsync("keys", new { rate_limit_per_minute = (int?)null });
        Assert.Null(await OnTheOtherAsync());

        var spent = (await _two!.Client.SendAsync(HttpMethod.Get, "api/v1/key", _key, null)).ExpectSuccess().GetProperty("usage")
            .GetProperty("month").GetInt64();
        var old = _key;
        _key = (await _one!.Client.AdminAsync(HttpMethod.Post, $"admin/keys/{_id}/rotate", new { overlap_seconds = 600 })).ExpectSuccess()
            .GetProperty("key").GetString()!;
        Assert.Null(await OnTheOtherAsync());
        Assert.Equal(HttpStatusCode.OK, (await _two.Client.QueryAsync(old, Call)).Status);
        var newest = (await _one.Client.AdminAsync(HttpMethod.Post, $"admin/keys/{_id}/rotate")).ExpectSuccess()
            .GetProperty("key").GetString()!;
        Assert.Equal("invalid_key", await OnTheOtherAsync());
        Assert.Equal("invalid_key", (await _two.Client.QueryAsync(old, Call)).Code);
        _key = newest;
        Assert.Null(await OnTheOtherAsync());
        Assert.Equal(spent + 21, (await _two.Client.SendAsync(HttpMethod.Get, "api/v1/key", _key, null)).ExpectSuccess()
            .GetProperty("usage")
            .GetProperty("month").GetInt64());

        Assert.InRange((int)(await _one.Client.AdminAsync(HttpMethod.Delete, $"admin/keys/{_id}")).Status, 200, 204);
        Assert.Equal("invalid_key", await OnTheOtherAsync());
        var audit = (await _one.Client.AdminAsync(HttpMethod.Get, "admin/audit?limit=50")).ExpectSuccess();
        Assert.All(
            new[] { old, newest },
            secret => Assert.DoesNotContain(secret["mg_live_".Length..], audit.ToString(), StringComparison.Ordinal));
    }

    private async Task ChangeAsync(string kind, object change) =>
        (await _one!.Client.AdminAsync(HttpMethod.Patch, $"admin/{kind}/{(kind == "keys" ? _id : _account)}", change)).ExpectSuccess();

    private async Task<string?> OnTheOtherAsync() => (await _two!.Client.QueryAsync(_key, Call)).Code;
}
