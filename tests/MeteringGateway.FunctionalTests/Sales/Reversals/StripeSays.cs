using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.Sales.PaymentEvents;
using MeteringGateway.Sales.Payments.Stripe;

namespace MeteringGateway.FunctionalTests.Sales.Reversals;

/// <summary>Stripe's events of one payment or subscription, in the words of its pinned version.</summary>
/// <param name="Tag">Makes the ids of one case its own.</param>
/// <param name="Order">The order's reference.</param>
internal sealed record StripeSays(string Tag, string Order)
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public string Intent => "pi_" + Tag;
    public string Subscription => "sub_" + Tag;

    public string Checkout(string status, string type = "completed") => Event("cs" + status + type, "checkout.session." + type, $$"""
        {"id":"cs_{{Tag}}","mode":"payment","payment_intent":"{{Intent}}","payment_status":"{{status}}","amount_subtotal":2500,
         "amount_total":2975,"currency":"usd","customer":"cus_{{Tag}}","metadata":{"order":"{{Order}}"} }
        """);

    /// <summary>Of a page: no reference of ours is in it.</summary>
    public string IntentOf(string what) => Event("pi" + what, "payment_intent." + what, $$"""
        {"id":"{{Intent}}","amount":2975,"amount_received":2975,"currency":"usd","latest_charge":"ch_{{Tag}}","metadata":{} }
        """);

    public string Refund(string id, long cents, string status, string type, bool byCharge = false) =>
        Event(id + status + type, "refund." + type, $$"""
            {"id":"re_{{id}}_{{Tag}}","amount":{{cents}},"currency":"usd","status":"{{status}}","charge":"ch_{{Tag}}",
             "payment_intent":{{(byCharge ? "null" : $"\"{Intent}\"")}}}
            """);

    public string Dispute(string type, string status, long cents = 2975) => Event("dp" + type, "charge.dispute." + type, $$"""
        {"id":"dp_{{Tag}}","amount":{{cents}},"currency":"usd","status":"{{status}}","charge":"ch_{{Tag}}","payment_intent":"{{Intent}}"}
        """);

    public string SubscribedBy(string subscription) => Event("css", "checkout.session.completed", $$"""
        {"id":"cs_{{Tag}}","mode":"subscription","subscription":"{{Subscription}}","payment_status":"paid","amount_total":999,
         "currency":"usd","metadata":{"order":"{{Order}}","subscription":"{{subscription}}"} }
        """);

    public string State(string subscription, string status, int at, string type = "updated", bool ends = false) =>
        Event("sub" + status + at + type, "customer.subscription." + type, $$"""
            {"id":"{{Subscription}}","status":"{{status}}","cancel_at_period_end":{{(ends ? "true" : "false")}},
             "metadata":{"subscription":"{{subscription}}"},"items":{"data":[{"current_period_end":{{End(0)}} }]} }
            """, at);

    /// <summary>Month n's invoice, from 0.</summary>
    public string Invoice(string subscription, int month, string type = "paid", long cents = 999) => Event("in" + month + type, "invoice." + type, $$"""
        {"id":"in_{{month}}_{{Tag}}","billing_reason":"{{(month == 0 ? "subscription_create" : "subscription_cycle")}}","subtotal":{{cents}},
         "amount_paid":1189,"currency":"usd","lines":{"data":[{"period":{"start":0,"end":{{End(month)}} } }]},
         "parent":{"subscription_details":{"subscription":"{{Subscription}}","metadata":{"subscription":"{{subscription}}"} } } }
        """);

    public string InvoicePayment(int month) => Event("inpay" + month, "invoice_payment.paid", $$"""
        {"id":"inpay_{{month}}_{{Tag}}","invoice":"in_{{month}}_{{Tag}}","payment":{"type":"payment_intent","payment_intent":"{{Intent}}_{{month}}"} }
        """);

    public string MonthRefund(int month, string status = "succeeded") => Event("rem" + month + status, "refund.updated", $$"""
        {"id":"re_m{{month}}_{{Tag}}","amount":1189,"currency":"usd","status":"{{status}}","payment_intent":"{{Intent}}_{{month}}"}
        """);

    public static DateTimeOffset EndOf(int month) => s_start.AddMonths(month + 1);

    /// <summary>Signed and delivered.</summary>
    public static async Task DeliverAsync(MoneyBench bench, string body)
    {
        var now = bench.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var mac = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(
            Encoding.UTF8.GetBytes("whsec_test"), Encoding.UTF8.GetBytes($"{now}.{body}")));
        Assert.Equal(
            WebhookStatus.Received,
            await bench.ReceiveAsync(StripeWebhook.Name, $"t={now},v1={mac}", Encoding.UTF8.GetBytes(body)));
    }

    private static long End(int month) => EndOf(month).ToUnixTimeSeconds();

    private string Event(string id, string type, string thing, int at = 0) => new JsonObject
    {
        ["id"] = $"evt_{id}_{Tag}",
        ["type"] = type,
        ["livemode"] = true,
        ["created"] = s_start.ToUnixTimeSeconds() + at,
        ["api_version"] = StripeEvents.ApiVersion,
        ["data"] = new JsonObject { ["object"] = JsonNode.Parse(thing) },
    }.ToJsonString();
}
