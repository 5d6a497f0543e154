using System.Text;
using System.Text.Json;
using MeteringGateway.Sales.Payments.Stripe;
using MeteringGateway.Testing.Stripe;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripePeers;

/// <summary>The npm package <c>stripe</c> calls the double, and reads its deliveries and ours.</summary>
public sealed class StripeNodeTests(StripePeersFixture peers) : IClassFixture<StripePeersFixture>
{
    [Fact]
    public async Task Checkout_OfTheClient_IsMadeFoundListedAndExpired()
    {
        await using var stripe = await StripeDouble.StartAsync();
        var result = await RunAsync("checkout", stripe);

        Assert.Equal((3000, 3000), (result.GetProperty("total").GetInt32(), result.GetProperty("yen").GetInt32()));
        Assert.Equal(("ref-1", "node@example.com", "expired"), (Text(result, "reference"), Text(result, "email"), Text(result, "expired")));
        Assert.StartsWith(stripe.Address, Text(result, "url"), StringComparison.Ordinal);
        Assert.True(Assert.Single(result.GetProperty("listed").EnumerateArray()).GetBoolean());
        Assert.False(result.GetProperty("pricing").GetProperty("enabled").GetBoolean());
        Assert.Equal("StripeInvalidRequestError", Text(result.GetProperty("again"), "type"));
        Assert.Empty(stripe.Ledger());
        Assert.All(stripe.Requests, request => Assert.Equal(StripeDouble.Version, request.ApiVersion));
    }

    [Fact]
    public async Task Charge_OfTheClient_IsMadeOnceUnderItsKey()
    {
        await using var stripe = await StripeDouble.StartAsync();
        var result = await RunAsync("charge", stripe);

        Assert.Equal(("succeeded", "true", "succeeded", "canceled"),
            (Text(result, "status"), Text(result, "replayed"), Text(result, "refund"), Text(result, "canceled")));
        Assert.True(result.GetProperty("same").GetBoolean());
        Assert.Equal(("StripeIdempotencyError", "StripeInvalidRequestError"),
            (Text(result.GetProperty("other"), "type"), Text(result.GetProperty("tooMuch"), "type")));
        Assert.Equal((1, 0), (result.GetProperty("listed").GetInt32(), result.GetProperty("late").GetInt32()));
        Assert.Equal((700, 200), (Assert.Single(stripe.Ledger()).Amount, Assert.Single(stripe.Ledger()).Refunded));
    }

    [Fact]
    public async Task Refusals_OfTheDouble_AreTheClientsOwnErrors()
    {
        await using var stripe = await StripeDouble.StartAsync();
        var results = (await RunAsync("declines", stripe)).EnumerateArray().ToList();

        Assert.Equal(
            [
                ("StripeCardError", "card_declined", "generic_decline", 402, "requires_payment_method"),
                ("StripeCardError", "authentication_required", "authentication_required", 402, "requires_payment_method"),
                ("StripeInvalidRequestError", "resource_missing", null, 404, null),
                ("StripeAuthenticationError", null, null, 401, null),
            ],
            results.Select(error => (
                Text(error, "type"), Text(error, "code"), Text(error, "decline_code"), error.GetProperty("statusCode").GetInt32(),
                Text(error, "intent_status"))));
        Assert.Empty(stripe.Ledger());
    }

    [Fact]
    public async Task Subscription_OfTheClient_HasItsFactsAtTheirNewPlaces()
    {
        await using var stripe = await StripeDouble.StartAsync();
        var result = await RunAsync("subscription", stripe);

        Assert.Equal(("active", "subscription_create", "order:9", "canceled"),
            (Text(result, "status"), Text(result, "reason"), Text(result, "order"), Text(result, "ended")));
        Assert.All(["period", "subscription", "invoice", "ending"], name => Assert.True(result.GetProperty(name).GetBoolean(), name));
        Assert.StartsWith(stripe.Address, Text(result, "portal"), StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(stripe.Ledger()).Invoice);
    }

    [Fact]
    public async Task Pages_OfTheClient_HaveEachObjectOnceTheNewestFirst()
    {
        await using var stripe = await StripeDouble.StartAsync();
        var result = await RunAsync("pages", stripe);

        Assert.Equal([7, 6, 5, 4, 3, 2, 1], result.GetProperty("amounts").EnumerateArray().Select(amount => amount.GetInt32()));
        Assert.Equal(
            ["customer.created", "payment_intent.created"], result.GetProperty("types").EnumerateArray().Select(type => type.GetString()));
    }

    [Fact]
    public async Task Delivery_OfTheDouble_IsAcceptedByTheClientAndByOurs()
    {
        await using var stripe = await StripeDouble.StartAsync();
        await using var inbox = await StripeInbox.StartAsync();
        stripe.Webhook = inbox.Target;
        await RunAsync("charge", stripe);
        await stripe.SettledAsync();

        var (body, header) = inbox.Received[^1];
        var read = await RunAsync("verify", stripe, ("BODY", body), ("HEADER", header), ("SECRET", inbox.Target.Secret));

        Assert.Equal(stripe.Events().Count, inbox.Received.Count);
        Assert.Equal(stripe.Events()[^1]["id"]!.ToString(), Text(read, "id"));
        Assert.Equal(StripeDouble.Version, Text(read, "api_version"));
        Assert.True(Fits(body, header, inbox.Target.Secret));
        Assert.False(Fits(body + " ", header, inbox.Target.Secret));
    }

    [Fact]
    public async Task Signature_OfTheClient_IsAcceptedByOurs()
    {
        await using var stripe = await StripeDouble.StartAsync();
        const string Body = """{"id":"evt_1","object":"event","type":"payment_intent.succeeded"}""";

        var header = Text(await RunAsync("sign", stripe, ("BODY", Body), ("SECRET", "whsec_node")), "header")!;

        Assert.True(Fits(Body, header, "whsec_node"));
        Assert.False(Fits(Body, header, "whsec_other"));
    }

    private static bool Fits(string body, string header, string secret) =>
        new StripeWebhook(Options.Create(new StripeOptions { WebhookSecret = secret })).Verify(
            new HeaderDictionary { ["Stripe-Signature"] = header }, Encoding.UTF8.GetBytes(body), TimeProvider.System.GetUtcNow());

    private Task<JsonElement> RunAsync(string call, StripeDouble stripe, params (string Name, string Value)[] variables) =>
        peers.RunAsync(call, stripe, variables);

    private static string? Text(JsonElement result, string name) =>
        result.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
