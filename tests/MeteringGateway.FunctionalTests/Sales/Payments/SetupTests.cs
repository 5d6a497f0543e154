using System.Net;
using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Sales.Payments;

/// <summary>Sessions of the two types of our own that sell no package: a top-up, and a page that saves a payment method.</summary>
public sealed class SetupTests
{
    private const string Config = """
        { "ReverseProxy": { "Clusters": { "a": { "Destinations": { "a": { "Address": "http://127.0.0.1:1" } } } } },
          "Surfaces": { "search": { "Price": { "Credits": 2 }, "Providers": ["a"] } },
          "Credits": { "Usd": 0.1 }, "Payments": { "Sandbox": { "Enabled": true } } }
        """;

    [Fact]
    public async Task CreateSession_TopUpAndSetup_SellCreditsAndSaveAMethod()
    {
        await using var stores = await Stores.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(stores, Config);
        var account = await gateway.Client.CreateAccountAsync(10);
        var session = (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions"))
            .ExpectSuccess().GetProperty("session").GetString()!;

        var topUp = await CreateAsync(gateway, session, new { type = "topup", amount_usd_cents = 1005 });
        await PressAsync(gateway, topUp);
        var entries = await stores.Books.AwaitEntriesAsync(account, 2);
        Assert.Equal((100, 110), ((int)entries[1].CreditsDelta, (int)entries[1].BalanceAfter));

        var setup = await CreateAsync(gateway, session, new { type = "setup" });
        Assert.Equal(JsonValueKind.Null, setup.GetProperty("order_id").ValueKind);
        var page = await gateway.Client.SendAsync(HttpMethod.Get, PathOf(setup), null, null);
        Assert.Contains("Save a payment method", page.Text, StringComparison.Ordinal);
        await PressAsync(gateway, setup);
        await PressAsync(gateway, setup);
        var methods = (await gateway.Client.SendAsync(HttpMethod.Get, "api/me/payment-methods", session, null)).ExpectSuccess();
        var method = Assert.Single(methods.GetProperty("payment_methods").EnumerateArray());
        Assert.Equal(("sandbox", "4242", true), (
            method.GetProperty("channel").GetString(), method.GetProperty("last4").GetString(),
            method.GetProperty("is_default").GetBoolean()));

        var refused = await gateway.Client.SendAsync(
            HttpMethod.Post, "payment/create-session", session, Json(new { type = "topup", amount_usd_cents = 99 }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (refused.Status, refused.Code));
        Assert.Equal(2, (await stores.Books.AwaitEntriesAsync(account, 2)).Count);
    }

    private static async Task<JsonElement> CreateAsync(GatewayProcess gateway, string session, object what) =>
        (await gateway.Client.SendAsync(HttpMethod.Post, "payment/create-session", session, Json(what))).ExpectSuccess()
        .GetProperty("data");

    private static StringContent Json(object what)
    {
        var fields = JsonSerializer.SerializeToNode(what)!.AsObject();
        fields["channel"] = "sandbox";
        fields["success_url"] = "https://shop.example/ok";
        fields["cancel_url"] = "https://shop.example/no";
        return new StringContent(fields.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
    }

    private static string PathOf(JsonElement session) => new Uri(session.GetProperty("url").GetString()!).AbsolutePath.TrimStart('/');

    private static async Task PressAsync(GatewayProcess gateway, JsonElement session)
    {
        var form = new FormUrlEncodedContent([KeyValuePair.Create("action", "pay")]);
        Assert.Equal(HttpStatusCode.SeeOther, (await gateway.Client.SendAsync(HttpMethod.Post, PathOf(session), null, form)).Status);
    }
}
