using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Creem;
using MeteringGateway.Sales.Payments.Sandbox;
using MeteringGateway.Sales.Payments.Stripe;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Sales.Payments;

public sealed class PaymentChannelsTests
{
    /// <summary>Who serves each channel: the sandbox stands in where it may, and for no name of its own invention.</summary>
    [Theory]
    [InlineData("sandbox", true, "stripe=sandbox creem=sandbox sandbox=sandbox paypal=-")]
    [InlineData("sandbox", false, "stripe=- creem=- sandbox=- paypal=-")]
    [InlineData("sandbox stripe", true, "stripe=stripe creem=sandbox sandbox=sandbox paypal=-")]
    [InlineData("sandbox stripe", false, "stripe=stripe creem=- sandbox=- paypal=-")]
    [InlineData("sandbox stripe creem", false, "stripe=stripe creem=creem sandbox=- paypal=-")]
    public void Find_EachChannel_IsItsProviderOrTheSandboxWhereThatIsOn(string providers, bool sandbox, string found)
    {
        var channels = Channels(providers, sandbox);

        Assert.Equal(
            found, string.Join(' ', new[] { "stripe", "creem", "sandbox",
                "paypal" }.Select(name => $"{name}={channels.Find(name)?.Channel ?? "-"}")));
    }

    [Theory]
    [InlineData("sandbox", "sandbox")]
    [InlineData("sandbox creem", "creem")]
    [InlineData("creem stripe sandbox", "stripe")]
    [InlineData("", "sandbox")]
    public void Default_IsARealProviderBeforeTheSandbox(string providers, string name) =>
        Assert.Equal(name, Channels(providers, true).Default);

    /// <summary>Where a settled payment leads, and what it says.</summary>
    [Theory]
    [InlineData("pending", "https://shop.example/ok?id=sandbox_1", "Pending", null)]
    [InlineData("paid", "https://shop.example/ok?id=sandbox_1", "Paid", null)]
    [InlineData("declined", "https://shop.example/no", "Declined", "The card was declined.")]
    [InlineData("canceled", "https://shop.example/no", "Canceled", "The payment was canceled.")]
    public void Payment_InEachState_LeadsWhereItsCustomerBelongs(string status, string url, string reply, string? detail)
    {
        var payment = new SandboxPayment
        {
            Id = "sandbox_1",
            Reference = "order:7",
            Currency = "USD",
            Mode = "pay",
            Status = status,
            SuccessUrl = "https://shop.example/ok?id={CHECKOUT_SESSION_ID}",
            CancelUrl = "https://shop.example/no",
        };

        Assert.Equal(url, payment.LeadsTo);
        Assert.Equal((reply, "sandbox_1", detail), (payment.Reply.Status.ToString(), payment.Reply.PaymentId, payment.Reply.Detail));
    }

    internal static PaymentChannels Channels(string providers, bool sandbox) => new(
        providers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new Provider(name, name != "sandbox" || sandbox)),
        [new StripeWebhook(Options.Create(new StripeOptions())), new CreemWebhook(Options.Create(new CreemOptions()))]);

    /// <summary>A provider that is never asked.</summary>
    private sealed record Provider(string Channel, bool IsOpen) : IPaymentProvider
    {
        public Task<PaymentReply> ChargeAsync(PaymentRequest request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<CheckoutReply> CheckoutAsync(CheckoutRequest request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<PaymentReply> FindAsync(PaymentLookup lookup, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> PortalAsync(PortalRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
