using System.Text.Json;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Creem;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Sales.Payments.Webhooks;

public sealed class CreemEventsTests
{
    [Theory]
    [InlineData("checkout.completed", "paid", "Paid")]
    [InlineData("checkout.completed", "pending", "Other")]
    [InlineData("checkout.completed", null, "Other")]
    [InlineData("refund.created", "paid", "Other")]
    public void Read_ByTypeAndOrderStatus_HasItsKind(string type, string? status, string kind) => Assert.Equal(
        kind, Parse(JsonSerializer.Serialize(new
        {
            id = "evt_1",
            eventType = type,
            @object = new { order = new { status } }
        }))!.Kind.ToString());

    [Theory]
    [InlineData("live", true)]
    [InlineData("prod", true)]
    [InlineData("test", false)]
    [InlineData("sandbox", false)]
    [InlineData("Live", false)]
    [InlineData(null, null)]
    public void Read_ByItsMode_IsLiveOnlyWhereItSaysSo(string? mode, bool? isLive) => Assert.Equal(
        isLive, Parse(JsonSerializer.Serialize(new { id = "evt_1", eventType = "checkout.completed", @object = new { mode } }))!.IsLive);

    [Fact]
    public void Read_Checkout_HasItsOrdersPaymentAndBothReferences()
    {
        var said = Parse("""
            {"id":"evt_1","eventType":"checkout.completed","object":{"id":"ch_1","request_id":"order:8","metadata":{"order":"order:7"},
            "order":{"id":"ord_1","amount":2500,"currency":"eur","status":"paid"}}}
            """)!;

        Assert.Equal(("evt_1", "ord_1", 2500L, "EUR"), (said.Id, said.PaymentId, said.AmountCents, said.Currency));
        Assert.Equal(["order:7", "order:8"], said.References);
    }

    [Theory]
    [InlineData("""{"eventType":"checkout.completed"}""")]
    [InlineData("""{"id":"evt_1","type":"checkout.completed"}""")]
    [InlineData("""{"id":"evt_1","eventType":"checkout.completed","object":{"order":{"id":"a b"}}}""")]
    [InlineData("null")]
    public void Read_WhatNoProviderCouldSay_IsNoEvent(string json) => Assert.Null(Parse(json));

    private static PaymentEvent? Parse(string json) => new CreemWebhook(Options.Create(new CreemOptions())).Read(JsonElement.Parse(json));
}
