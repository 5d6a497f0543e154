using System.Text.Json;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Creem;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Sales.Payments.Webhooks;

public sealed class CreemEventsTests
{
    private const string Subscription = """
        "id":"sub_1","mode":"test","status":"STATUS","product":{"id":"prod_1","price":999,"currency":"USD"},"customer":{"id":"cust_1"},
        "current_period_end_date":"2026-02-28T12:00:00.000+02:00","metadata":{"order":"mg_1:order:7","subscription":"mg_1:subscription:3"}
        """;

    private const string Transaction = """
        {"id":"tran_1","amount":1000,"amount_paid":1210,"tax_amount":210,"currency":"EUR","type":"TYPE","order":"ord_1",
        "period_end":1772276400000}
        """;

    [Theory]
    [InlineData("paid", "Paid")]
    [InlineData("pending", "Other")]
    [InlineData(null, "UnknownShape")]
    public void Read_Checkout_IsPaidWhereItsOrderIs(string? status, string kind) => Assert.Equal(
        kind, Kind("checkout.completed", JsonSerializer.Serialize(new
        {
            order = new { id = "ord_1", amount = 2500, currency = "USD", status }
        })));

    [Theory]
    [InlineData("live", true)]
    [InlineData("prod", true)]
    [InlineData("test", false)]
    [InlineData("sandbox", false)]
    [InlineData("Live", false)]
    [InlineData(null, null)]
    public void Read_ByItsMode_IsLiveOnlyWhereItSaysSo(string? mode, bool? isLive) =>
        Assert.Equal(isLive, Read("checkout.completed", JsonSerializer.Serialize(new { mode }))!.IsLive);

    [Fact]
    public void Read_Checkout_HasItsOrdersPaymentAndBothReferences()
    {
        var said = Read("checkout.completed", """
            {"id":"ch_1","request_id":"order:8","metadata":{"order":"order:7"},"customer":{"id":"cust_1"},
            "order":{"id":"ord_1","transaction":"tran_1","amount":2500,"tax_amount":475,"currency":"eur","status":"paid","type":"onetime"}}
            """)!;

        Assert.Equal(
            ("evt_1", "ord_1", 2500L, 2975L, "EUR", "ch_1", "cust_1"),
            (said.Id, said.PaymentId, said.AmountCents, said.PaidCents, said.Currency, said.CheckoutId, said.CustomerId));
        Assert.Equal(["order:7", "order:8"], said.References);
        Assert.Equal(["tran_1"], said.Aliases);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_770_000_000_123), said.OccurredAt);
    }

    /// <summary>The same money is told as <c>subscription.paid</c>: credits for both would be credits twice.</summary>
    [Theory]
    [InlineData("recurring", "\"sub_1\"", "SubscriptionChanged")]
    [InlineData("recurring", """{"id":"sub_1","status":"active"}""", "SubscriptionChanged")]
    [InlineData("onetime", "\"sub_1\"", "SubscriptionChanged")]
    [InlineData("recurring", "null", "Other")]
    public void Read_CheckoutOfASubscription_PaysNothing(string orderType, string subscription, string kind)
    {
        var said = Read("checkout.completed", $$$"""
            {"id":"ch_1","metadata":{"order":"order:7","subscription":"subscription:3"},"subscription":{{{subscription}}},
            "order":{"id":"ord_1","transaction":"tran_1","amount":2500,"currency":"USD","status":"paid","type":"{{{orderType}}}"}}
            """)!;

        Assert.Equal((kind, null), (said.Kind.ToString(), said.PaymentId));
        Assert.Empty(said.Aliases);
        Assert.Equal(kind == "Other" ? null : "sub_1", said.Subscription?.ProviderId);
    }

    [Fact]
    public void Read_PaidMonth_IsCalledByItsTransaction()
    {
        var said = Read("subscription.paid", "{" + Subscription.Replace("STATUS", "active", StringComparison.Ordinal)
            + ",\"last_transaction_id\":\"tran_1\",\"last_transaction\":"
            + Transaction.Replace("TYPE", "invoice", StringComparison.Ordinal) + "}")!;

        Assert.Equal(
            (PaymentEventKind.MonthPaid, "tran_1", 1000L, 1210L, "EUR", "cust_1", false),
            (said.Kind, said.PaymentId, said.AmountCents, said.PaidCents, said.Currency, said.CustomerId, said.IsLive));
        Assert.Equal(("sub_1", "prod_1"), (said.Subscription!.ProviderId, said.Subscription.ProductId));
        Assert.Equal(["mg_1:subscription:3"], said.Subscription.References);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_772_276_400_000), said.Subscription.PeriodEnd);
    }

    [Fact]
    public void Read_PaidMonthWithoutItsTransaction_HasItsIdAndTheProductsPrice()
    {
        var said = Read("subscription.paid", "{" + Subscription + ",\"last_transaction_id\":\"tran_1\"}")!;

        Assert.Equal((PaymentEventKind.MonthPaid, "tran_1", 999L, "USD"), (said.Kind, said.PaymentId, said.AmountCents, said.Currency));
        Assert.Equal(new DateTimeOffset(2026, 2, 28, 10, 0, 0, TimeSpan.Zero), said.Subscription!.PeriodEnd);
        Assert.Equal("UnknownShape", Kind("subscription.paid", "{" + Subscription + "}"));
    }

    [Theory]
    [InlineData("subscription.active", "active", "SubscriptionChanged", "Active", false)]
    [InlineData("subscription.trialing", "trialing", "SubscriptionChanged", "Active", false)]
    [InlineData("subscription.update", "active", "SubscriptionChanged", "Active", false)]
    [InlineData("subscription.scheduled_cancel", "scheduled_cancel", "SubscriptionChanged", "Active", true)]
    [InlineData("subscription.paused", "paused", "SubscriptionChanged", "Active", true)]
    [InlineData("subscription.canceled", "canceled", "SubscriptionChanged", "Ended", false)]
    [InlineData("subscription.expired", "active", "SubscriptionChanged", "Active", false)]
    [InlineData("subscription.past_due", "past_due", "MonthRefused", "PastDue", false)]
    [InlineData("subscription.unpaid", "unpaid", "MonthRefused", "PastDue", false)]
    public void Read_OfASubscription_SaysHowItStands(string type, string status, string kind, string state, bool isEnding)
    {
        var said = Read(type, "{" + Subscription.Replace("STATUS", status, StringComparison.Ordinal) + "}")!;

        Assert.Equal(kind, said.Kind.ToString());
        Assert.Equal((state, isEnding), (said.Subscription!.Facts!.State.ToString(), said.Subscription.Facts.IsEnding));
    }

    [Theory]
    [InlineData("pending", ReversalState.Pending)]
    [InlineData("requiresAction", ReversalState.Pending)]
    [InlineData("succeeded", ReversalState.Effective)]
    [InlineData("failed", ReversalState.Undone)]
    [InlineData("canceled", ReversalState.Undone)]
    internal void Read_Refund_StandsAsItsStatusSays(string status, ReversalState state)
    {
        var said = Read("refund.created", Reversed($"\"id\":\"ref_1\",\"status\":\"{status}\",\"refund_amount\":605", "payment"))!;

        Assert.Equal(new ReversalSaid("ref_1", ReversalSaid.Refund, state, 605), said.Reversal);
        Assert.Equal((PaymentEventKind.Reversed, "ord_1", 1210L, "EUR"), (said.Kind, said.PaymentId, said.PaidCents, said.Currency));
        Assert.Equal(["tran_1"], said.Aliases);
        Assert.Equal(["order:7"], said.References);
    }

    [Fact]
    public void Read_DisputeOfAMonth_TakesTheMonthsTransaction()
    {
        var said = Read("dispute.created", Reversed("\"id\":\"dis_1\",\"amount\":1210,\"currency\":\"EUR\"", "invoice"))!;

        Assert.Equal(new ReversalSaid("dis_1", ReversalSaid.Dispute, ReversalState.Effective, 1210), said.Reversal);
        Assert.Equal("tran_1", said.PaymentId);
        Assert.Empty(said.Aliases);
    }

    [Theory]
    [InlineData("refund.created", """{"id":"ref_1","status":"unheard of","refund_amount":1,"transaction":{"id":"tran_1"}}""")]
    [InlineData("refund.created", """{"id":"ref_1","status":"succeeded","refund_amount":-1,"transaction":{"id":"tran_1"}}""")]
    [InlineData("refund.created", """{"id":"ref_1","status":"succeeded","refund_amount":1}""")]
    [InlineData("dispute.created", """{"id":"dis_1","transaction":{"id":"tran_1"}}""")]
    [InlineData("subscription.canceled", """{"id":"sub_1","status":"unheard of"}""")]
    [InlineData("subscription.paid", "[]")]
    [InlineData("checkout.completed", "\"text\"")]
    [InlineData("checkout.completed", """{"order":{"id":"ord_1","amount":25.5,"currency":"USD","status":"paid"}}""")]
    [InlineData("checkout.completed", """{"order":{"id":"ord_1","amount":"2500","currency":"USD","status":"paid"}}""")]
    public void Read_WhatMattersInAnUnknownShape_SaysSo(string type, string thing) => Assert.Equal("UnknownShape", Kind(type, thing));

    [Theory]
    [InlineData("credits.granted")]
    [InlineData("customer_credits.exhausted")]
    [InlineData("subscription.unheard_of")]
    public void Read_WhatMovesNothingHere_IsOther(string type) => Assert.Equal("Other", Kind(type, "{}"));

    [Theory]
    [InlineData("""{"eventType":"checkout.completed"}""")]
    [InlineData("""{"id":"evt_1","type":"checkout.completed"}""")]
    [InlineData("""{"id":"evt_1","eventType":"checkout.completed","object":{"order":{"id":"a b"}}}""")]
    [InlineData("""{"id":"evt_1","eventType":"checkout.completed","object":{"id":"\u0000","order":{"id":"a"}}}""")]
    [InlineData("""{"id":"evt_1","eventType":"checkout.completed","object":{"customer":"a\nb"}}""")]
    [InlineData("""{"id":"evt_1","eventType":"subscription.active","object":{"id":"sub_1","status":"active","product":"é"}}""")]
    [InlineData("null")]
    public void Read_WhatNoProviderCouldSay_IsNoEvent(string json) => Assert.Null(Parse(json));

    private static string Reversed(string fields, string type) =>
        "{" + fields + ",\"refund_currency\":\"EUR\",\"checkout\":{\"id\":\"ch_1\",\"metadata\":{\"order\":\"order:7\"}},\"transaction\":"
        + Transaction.Replace("TYPE", type, StringComparison.Ordinal) + "}";

    private static string Kind(string type, string thing) => Read(type, thing)!.Kind.ToString();

    private static PaymentEvent? Read(string type, string thing) =>
        Parse($$"""{"id":"evt_1","eventType":"{{type}}","created_at":1770000000123,"object":{{thing}}}""");

    private static PaymentEvent? Parse(string json) => new CreemWebhook(Options.Create(new CreemOptions())).Read(JsonElement.Parse(json));
}
