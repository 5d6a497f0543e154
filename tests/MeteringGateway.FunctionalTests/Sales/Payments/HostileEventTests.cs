using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.PaymentEvents;
using MeteringGateway.Sales.Payments.Stripe;
using MeteringGateway.Sales.Subscriptions;

namespace MeteringGateway.FunctionalTests.Sales.Payments;

/// <summary>
/// Signed events whose texts no store takes, and events that race for one payment: an answer each time, and never a credit twice.
/// </summary>
public sealed class HostileEventTests
{
    [Theory]
    [InlineData("id")]
    [InlineData("type")]
    [InlineData("client_reference_id")]
    [InlineData("payment_intent")]
    [InlineData("currency")]
    [InlineData("payment_status")]
    public async Task Event_WithTextThatNoStoreTakes_IsAnsweredAndPaysOnceAtMost(string field)
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, order) = await OpenAsync(bench, "starter-250");
        foreach (var hostile in new[] { "a\\u0000b", "\\u0000", "\\ud800", "a\\u001b[31m", new string('x', 10_000) })
        {
            var fields = new Dictionary<string, string>
            {
                ["id"] = $"evt_{field}_{hostile.Length}",
                ["type"] = "checkout.session.completed",
                ["client_reference_id"] = order.Reference,
                ["payment_intent"] = "pi_1",
                ["currency"] = "usd",
                ["payment_status"] = "paid",
                [field] = hostile,
            };
            var status = await SendAsync(bench, Checkout(fields));
            Assert.Contains(status, new[] { WebhookStatus.Received, WebhookStatus.NotAnEvent });
            Assert.True(hostile != "\\ud800" || status == WebhookStatus.NotAnEvent);
        }

        // One order is paid at most once, whatever its payment is called.
        Assert.Contains(bench.Engine.BalanceOf(account), new[] { 0L, 250L });
    }

    [Fact]
    public async Task Payment_GivenToTwoOrdersAtOnce_PaysOne()
    {
        await using var bench = await MoneyBench.OpenAsync();
        for (var round = 0; round < 10; round++)
        {
            var orders = new[] { await OpenAsync(bench, $"one-{round}"), await OpenAsync(bench, $"other-{round}") };
            await Task.WhenAll(orders.Select((one, i) => SendAsync(bench, Checkout(new()
            {
                ["id"] = $"evt_{round}_{i}",
                ["type"] = "checkout.session.completed",
                ["client_reference_id"] = one.Order.Reference,
                ["payment_intent"] = $"pi_{round}",
                ["currency"] = "usd",
                ["payment_status"] = "paid",
            }))));
            Assert.Equal(250, orders.Sum(one => bench.Engine.BalanceOf(one.Account)));
        }

        Assert.Equal("10,10", await bench.ScalarAsync<string>(
            "select count(*) filter (where outcome = 'Paid') || ',' || count(*) filter (where outcome = 'PaymentOfAnotherOrder') from "
                + "payment_events"));
    }

    private static async Task<(long Account, OrderRow Order)> OpenAsync(MoneyBench bench, string slug)
    {
        var (account, package) = (await bench.AddAccountAsync(), await bench.AddPackageAsync(slug));
        var terms = new CheckoutTerms(StripeWebhook.Name, "https://shop.example/ok", "https://shop.example/no", "http://gateway");
        return (account, (await bench.Checkout.SellPackageAsync(account, package.Id, null, terms, default)).Order!);
    }

    private static Task<WebhookStatus> SendAsync(MoneyBench bench, string body)
    {
        var seconds = bench.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData("whsec_test"u8, Encoding.UTF8.GetBytes($"{seconds}.{body}")));
        return bench.ReceiveAsync(StripeWebhook.Name, $"t={seconds},v1={signature}", Encoding.UTF8.GetBytes(body));
    }

    private static string Checkout(Dictionary<string, string> fields) => $$$$"""
        {"id":"{{{{fields["id"]}}}}","type":"{{{{fields["type"]}}}}","livemode":true,"data":{"object":{"id":"cs_1","client_reference_id":"{{{{fields["client_reference_id"]}}}}",
         "payment_intent":"{{{{fields["payment_intent"]}}}}","payment_status":"{{{{fields["payment_status"]}}}}","amount_total":2500,"currency":"{{{{fields["currency"]}}}}"}}}
        """;
}
