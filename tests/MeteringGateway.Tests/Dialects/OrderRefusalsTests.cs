using MeteringGateway.Dialects;
using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Tests.Dialects;

public sealed class OrderRefusalsTests
{
    private static readonly OrderRow s_order = new()
    {
        Kind = OrderKind.Package,
        Status = OrderStatus.Declined,
        Currency = "USD",
        Description = "Package Ten",
        Channel = "stripe",
    };

    /// <summary>Every outcome of a purchase: nothing to refuse, or the code of the refusal.</summary>
    [Theory]
    [InlineData("Fulfilled", null)]
    [InlineData("Paid", null)]
    [InlineData("Pending", null)]
    [InlineData("Scheduled", null)]
    [InlineData("Declined", "PaymentDeclined")]
    [InlineData("Canceled", "PaymentDeclined")]
    [InlineData("Mismatch", "IdempotencyMismatch")]
    [InlineData("UnknownPackage", "NotFound")]
    [InlineData("UnknownPlan", "NotFound")]
    [InlineData("PlanNotSold", "Conflict")]
    [InlineData("FreeTaken", "Conflict")]
    [InlineData("AlreadySubscribed", "Conflict")]
    [InlineData("UnknownAccount", "InvalidKey")]
    [InlineData("AccountSuspended", "AccountSuspended")]
    [InlineData("AmountOutOfRange", "InvalidRequest")]
    [InlineData("BalanceTooLarge", "Conflict")]
    [InlineData("ChannelDisabled", "PaymentsDisabled")]
    [InlineData("PaymentUnavailable", "PaymentsDisabled")]
    [InlineData("NeedsCustomer", "PaymentRequired")]
    [InlineData("NoMethodsKept", "Conflict")]
    public void Of_EachOutcome_HasItsCode(string outcome, string? code) =>
        Assert.Equal(code, OrderRefusals.Of(new OrderReply(Enum.Parse<OrderOutcome>(outcome)))?.Code.ToString());

    [Fact]
    public void Of_EveryOutcomeThatThereIs_IsKnown()
    {
        Assert.All(Enum.GetValues<OrderOutcome>(), outcome => OrderRefusals.Of(new OrderReply(outcome)));
        Assert.Throws<InvalidOperationException>(() => OrderRefusals.Of(new OrderReply((OrderOutcome)99)));
    }

    [Theory]
    [InlineData("Declined", "The card has expired.", "The card has expired.")]
    [InlineData("Declined", null, "The payment was declined.")]
    [InlineData("Canceled", null, "The payment was given up.")]
    public void Of_RefusedPayment_SaysTheProvidersWords(string outcome, string? refusal, string detail) =>
        Assert.Equal(detail, OrderRefusals.Of(new OrderReply(Enum.Parse<OrderOutcome>(outcome),
            s_order with { Refusal = refusal }))!.Detail);
}
