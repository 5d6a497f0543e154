using System.Net;
using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.Notices;

/// <summary>Two gateways on the same stores, a provider and a receiver of webhooks; retries come fast.</summary>
public sealed class NoticeGateway : IAsyncLifetime
{
    private Stores? _stores;
    private FakeProvider? _provider;

    public GatewayProcess First { get; private set; } = null!;
    public GatewayProcess Second { get; private set; } = null!;
    public GatewayClient Client => First.Client;
    public Stores Stores => _stores!;

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        _provider = FakeProvider.Start();
        First = await GatewayProcess.StartAsync(_stores, Config(_provider), Settings);
        Second = await GatewayProcess.StartAsync(_stores, Config(_provider), Settings);
        await Eventually.TrueAsync(
            async () => (await Client.SendAsync(HttpMethod.Get, "readyz", null, null)).Status == HttpStatusCode.OK, () => "not ready");
    }

    public async Task DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        await _provider!.DisposeAsync();
        await _stores!.DisposeAsync();
    }

    /// <summary>Charges an account through a key.</summary>
    public async Task ChargeAsync(string key, int count)
    {
        var answer = await Client.QueryAsync(key, new { surface = "search", kind = "one", count });
        Assert.Equal(count, answer.Expect(HttpStatusCode.OK).GetProperty("credits_charged").GetInt64());
    }

    /// <summary>The account's events, oldest first, once there are that many.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(long account, int count)
    {
        IReadOnlyList<JsonElement> events = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var page = (await Client.AdminAsync(HttpMethod.Get, $"admin/events?account_id={account}")).ExpectSuccess();
                events = [.. page.GetProperty("events").EnumerateArray().Reverse()];
                return events.Count >= count;
            },
            () => $"{events.Count} events came, not {count}");
        Assert.Equal(count, events.Count);
        return events;
    }

    public async Task<(long Account, string Key, long KeyId)> NewKeyAsync(long credits, object fields)
    {
        var account = await Client.CreateAccountAsync(credits);
        var made = (await Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/keys", fields)).Expect(HttpStatusCode.Created);
        return (account, made.GetProperty("key").GetString()!, made.GetProperty("id").GetInt64());
    }

    public static string Describe(JsonElement notice) =>
        $"{notice.GetProperty("type").GetString()} {notice.GetProperty("period").GetString()} {notice.GetProperty("percent").GetInt32()} "
        + $"of {notice.GetProperty("limit").GetInt64()}";

    private static Dictionary<string, string> Settings => new()
    {
        ["Notices__AllowPrivateTargets"] = "true",
        ["Notices__Interval"] = "00:00:00.050",
        ["Notices__FirstRetry"] = "00:00:00.010",
        ["Notices__LongestRetry"] = "00:00:00.050",
        ["Notices__MaxAttempts"] = "3",
    };

    private static object Config(FakeProvider provider) => new
    {
        ReverseProxy = new { Clusters = new { alpha = new { Destinations = new { a1 = new { provider.Address } } } } },
        Surfaces = new
        {
            search = new { Price = new { Per = "count", By = "kind", Credits = new { one = 1 } }, Providers = new[] { "alpha" } },
        },
    };
}

[CollectionDefinition(Name)]
public sealed class NoticeTestGroup : ICollectionFixture<NoticeGateway>
{
    public const string Name = "notices";
}
