using System.Net.Http.Json;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Stripe;

namespace MeteringGateway.FunctionalTests.Sales.AutoRecharge;

public sealed class RechargeRaceTests
{
    /// <summary>A saved card at Stripe, two gateways, and a hundred movements at once, each of which may be the one that falls.</summary>
    [Fact]
    public async Task Fall_SeenAHundredTimesAtTwoGateways_IsOnePayment()
    {
        await using var stores = await Stores.StartAsync();
        await using var stripe = await StripeDouble.StartAsync();
        await using var one = await StartAsync(stores, stripe);
        await using var two = await StartAsync(stores, stripe);
        stripe.Webhook = new StripeWebhookTarget(new Uri(one.Address, "payment/webhook/stripe"), "whsec_race", Times: 2);
        var account = await one.Client.CreateAccountAsync(1000);
        var session = (await one.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions"))
            .ExpectSuccess().GetProperty("session").GetString()!;
        var setup =
            new { type = "setup", channel = "stripe", success_url = "https://shop.example/ok", cancel_url = "https://shop.example/no" };
        var page = (await one.Client.SendAsync(HttpMethod.Post, "payment/create-session", session, JsonContent.Create(setup)))
            .ExpectSuccess().GetProperty("data").GetProperty("url").GetString()!;
        stripe.Complete(page.Split('/')[^1]);
        await stripe.SettledAsync();
        var settings = new { auto_recharge_enabled = true, auto_recharge_threshold = 500, auto_recharge_amount_usd = 25 };
        (await one.Client.SendAsync(HttpMethod.Put, "v1/auto-recharge", session, JsonContent.Create(settings))).ExpectSuccess();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            var taken = new { account_id = account, amount = -6, type = "adjustment", description = "one of a hundred" };
            (await (i % 2 == 0 ? one : two).Client.AdminAsync(HttpMethod.Post, "admin/credits/manual", taken)).ExpectSuccess();
        }));

        var entries = await stores.Books.AwaitEntriesAsync(account, 102);
        await stripe.SettledAsync();
        Assert.Equal([2500], entries.Where(entry => entry.EntryType == "purchase").Select(entry => entry.CreditsDelta));
        Assert.Equal(2500, Assert.Single(stripe.Ledger()).Amount);
        Assert.Equal(2900, entries[^1].BalanceAfter);
        Assert.True((await two.Client.VerifyLedgerAsync()).GetProperty("ok").GetBoolean());
    }

    private static Task<GatewayProcess> StartAsync(Stores stores, StripeDouble stripe) => GatewayProcess.StartAsync(stores, new
    {
        ReverseProxy = new { Clusters = new { a = new { Destinations = new { a = new { Address = "http://127.0.0.1:1" } } } } },
        Surfaces = new { search = new { Price = new { Credits = 2 }, Providers = new[] { "a" } } },
        Payments = new { Stripe = new { stripe.ApiKey, ApiBase = stripe.Address, WebhookSecret = "whsec_race" } },
    });
}
