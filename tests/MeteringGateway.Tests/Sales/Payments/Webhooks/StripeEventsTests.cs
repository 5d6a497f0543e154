using System.Text.Json;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Stripe;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Sales.Payments.Webhooks;

public sealed class StripeEventsTests
{
    /// <summary>A checkout completes before a slow payment has arrived: only its payment's own status says paid.</summary>
    [Theory]
    [InlineData("checkout.session.completed", "paid", "Paid")]
    [InlineData("checkout.session.completed", "unpaid", "Other")]
    [InlineData("checkout.session.completed", "no_payment_required", "Other")]
    [InlineData("checkout.session.completed", null, "Other")]
    [InlineData("checkout.session.async_payment_succeeded", "unpaid", "Paid")]
    [InlineData("checkout.session.async_payment_failed", "unpaid", "Failed")]
    [InlineData("checkout.session.expired", null, "Expired")]
    [InlineData("payment_intent.succeeded", null, "Paid")]
    [InlineData("payment_intent.canceled", null, "Expired")]
    [InlineData("payment_intent.payment_failed", null, "Failed")]
    [InlineData("charge.refunded", "paid", "Other")]
    public void Read_ByTypeAndPaymentStatus_HasItsKind(string type, string? status, string kind) =>
        Assert.Equal(kind, Read(new
        {
            id = "evt_1",
            type,
            data = new { @object = new { id = "cs_1", payment_status = status } }
        })!.Kind.ToString());

    [Fact]
    public void Read_Checkout_IsThePaymentIntentsUnderBothReferences()
    {
        var said = Read(new
        {
            id = "evt_1",
            type = "checkout.session.completed",
            livemode = true,
            data = new
            {
                @object = new
                {
                    id = "cs_1",
                    payment_intent = "pi_1",
                    payment_status = "paid",
                    amount_total = 2500,
                    currency = "usd",
                    client_reference_id = "order:8",
                    metadata = new { order = "order:7" },
                },
            },
        })!;

        Assert.Equal(("evt_1", "pi_1", 2500L, "USD", true), (said.Id, said.PaymentId, said.AmountCents, said.Currency, said.IsLive));
        Assert.Equal(["order:7", "order:8"], said.References);
    }

    /// <summary>Of a payment intent counts what has been received; of a checkout the total.</summary>
    [Fact]
    public void Read_PaymentIntent_IsItselfAndWhatWasReceived()
    {
        Assert.Equal(("pi_1", 2400L), Amount(new { id = "pi_1", amount = 2500, amount_received = 2400, payment_intent = "pi_2" }));
        Assert.Equal(("pi_1", 2500L), Amount(new { id = "pi_1", amount = 2500 }));
        Assert.Equal(("pi_1", null), Amount(new { id = "pi_1", amount = 25.5, amount_total = 2500 }));
        Assert.Equal(("pi_1", null), Amount(new { id = "pi_1", amount = "2500" }));

        static (string? Payment, long? Cents) Amount(object thing)
        {
            var said = Read(new { id = "evt_1", type = "payment_intent.succeeded", data = new { @object = thing } })!;
            return (said.PaymentId, said.AmountCents);
        }
    }

    [Theory]
    [InlineData("""{"payment_intent":"pi_1","id":"cs_1"}""", "pi_1")]
    [InlineData("""{"payment_intent":null,"subscription":"sub_1","id":"cs_1"}""", null)]
    [InlineData("""{"payment_intent":{"id":"pi_1"},"id":"cs_1"}""", "pi_1")]
    [InlineData("""{"id":"cs_1"}""", "cs_1")]
    [InlineData("{}", null)]
    public void Read_Checkout_IsItsIntentsOrItsOwnAndOfASubscriptionNoPayment(string thing, string? payment)
    {
        var said = Parse($$$"""{"id":"evt_1","type":"checkout.session.completed","data":{"object":{{{thing}}}}}""");

        Assert.Equal((payment, null, 0), (said!.PaymentId, said.IsLive, said.References.Count));
    }

    [Theory]
    [InlineData("""{"type":"charge.refunded"}""")]
    [InlineData("""{"id":"evt_1"}""")]
    [InlineData("""{"id":1,"type":"charge.refunded"}""")]
    [InlineData("""{"id":"","type":"charge.refunded"}""")]
    [InlineData("""{"id":"evt 1","type":"charge.refunded"}""")]
    [InlineData("""{"id":"evt_1","type":"a\nb"}""")]
    [InlineData("""{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":{"id":"pi\u0000"}}}""")]
    [InlineData("[]")]
    [InlineData("\"evt_1\"")]
    public void Read_WhatNoProviderCouldSay_IsNoEvent(string json) => Assert.Null(Parse(json));

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void IsId_IsAtMost255Characters(int length, bool isId) => Assert.Equal(isId, EventJson.IsId(new string('a', length)));

    private static PaymentEvent? Read(object json) => Parse(JsonSerializer.Serialize(json));

    private static PaymentEvent? Parse(string json) => new StripeWebhook(Options.Create(new StripeOptions())).Read(JsonElement.Parse(json));
}
