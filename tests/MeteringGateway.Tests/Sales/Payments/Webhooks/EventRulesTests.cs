using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.PaymentEvents;
using MeteringGateway.Sales.Payments;

namespace MeteringGateway.Tests.Sales.Payments.Webhooks;

public sealed class EventRulesTests
{
    private static readonly OrderRow s_order = new()
    {
        Id = 7,
        Kind = OrderKind.Package,
        Status = OrderStatus.Pending,
        PriceCents = 2500,
        Currency = "USD",
        Description = "Package Ten",
        Channel = "stripe",
        PaymentId = "pi_1",
    };

    private static readonly PaymentEvent s_paid = new("evt_1", "checkout.session.completed", PaymentEventKind.Paid, ["order:7"], "pi_1",
        2500, "USD", true);

    /// <summary>What each kind of event does to an order in each state.</summary>
    [Theory]
    [InlineData("Paid", "pending", "Paid")]
    [InlineData("Paid", "declined", "Paid")]
    [InlineData("Paid", "canceled", "Paid")]
    [InlineData("Paid", "paid", "NothingToDo")]
    [InlineData("Paid", "fulfilled", "NothingToDo")]
    [InlineData("Failed", "pending", "Declined")]
    [InlineData("Failed", "paid", "NothingToDo")]
    [InlineData("Failed", "fulfilled", "NothingToDo")]
    [InlineData("Failed", "declined", "NothingToDo")]
    [InlineData("Failed", "canceled", "NothingToDo")]
    [InlineData("Expired", "pending", "Canceled")]
    [InlineData("Expired", "paid", "NothingToDo")]
    [InlineData("Expired", "fulfilled", "NothingToDo")]
    [InlineData("Expired", "declined", "NothingToDo")]
    [InlineData("Expired", "canceled", "NothingToDo")]
    [InlineData("Other", "pending", "NothingToDo")]
    [InlineData("Other", "paid", "NothingToDo")]
    public void Decide_EachKindInEachState_IsAsInTheTable(string kind, string status, string outcome) =>
        Assert.Equal(outcome, Decide(s_paid with { Kind = Enum.Parse<PaymentEventKind>(kind) }, s_order with { Status = status }));

    [Theory]
    [InlineData(2500, "USD", "Paid")]
    [InlineData(2499, "USD", "WrongAmount")]
    [InlineData(2501, "USD", "WrongAmount")]
    [InlineData(2500, "EUR", "WrongAmount")]
    [InlineData(2500, "usd", "WrongAmount")]
    [InlineData(2500, null, "WrongAmount")]
    [InlineData(null, "USD", "WrongAmount")]
    public void Decide_Paid_TakesTheOrdersOwnAmountAndCurrencyAlone(int? cents, string? currency, string outcome)
    {
        Assert.Equal(outcome, Decide(s_paid with { AmountCents = cents, Currency = currency }, s_order));
        Assert.Equal("Declined", Decide(s_paid with { Kind = PaymentEventKind.Failed, AmountCents = cents, Currency = currency }, s_order));
    }

    [Theory]
    [InlineData("paid", "pi_1", "NothingToDo")]
    [InlineData("paid", "pi_2", "SecondPayment")]
    [InlineData("paid", null, "SecondPayment")]
    [InlineData("fulfilled", "pi_2", "SecondPayment")]
    [InlineData("declined", "pi_2", "Paid")]
    public void Decide_OrderThatIsPaid_TakesNoSecondPayment(string status, string? payment, string outcome) =>
        Assert.Equal(outcome, Decide(s_paid with { PaymentId = payment }, s_order with { Status = status }));

    [Theory]
    [InlineData(true, true, "Paid")]
    [InlineData(false, false, "Paid")]
    [InlineData(null, true, "Paid")]
    [InlineData(null, false, "Paid")]
    [InlineData(false, true, "WrongMode")]
    [InlineData(true, false, "WrongMode")]
    public void Decide_EventOfTheOtherMode_ChangesNothing(bool? said, bool isLive, string outcome) =>
        Assert.Equal(outcome, Decide(s_paid with { IsLive = said }, s_order, isLive));

    [Theory]
    [InlineData(null, "Paid")]
    [InlineData(7L, "Paid")]
    [InlineData(8L, "PaymentOfAnotherOrder")]
    public void Decide_PaymentOfAnotherOrder_PaysNoSecondOne(long? orderOfPayment, string outcome)
    {
        Assert.Equal(outcome, EventRules.Decide("stripe", s_paid, true, s_order, orderOfPayment).ToString());
        Assert.Equal(
            orderOfPayment == 8 ? "PaymentOfAnotherOrder" : "Canceled",
            EventRules.Decide("stripe", s_paid with { Kind = PaymentEventKind.Expired }, true, s_order, orderOfPayment).ToString());
    }

    [Fact]
    public void Decide_NoOrderOfTheChannel_IsUnknown()
    {
        Assert.Equal("UnknownOrder", Decide(s_paid, null));
        Assert.Equal("UnknownOrder", Decide(s_paid, s_order with { Channel = "creem" }));
    }

    /// <summary>The order in which the reasons count, where several are true.</summary>
    [Fact]
    public void Decide_SeveralReasons_TheFirstCounts()
    {
        var wrong = s_paid with { IsLive = false, AmountCents = 1 };

        Assert.Equal(EventOutcome.NothingToDo, EventRules.Decide("stripe", wrong with { Kind = PaymentEventKind.Other }, true, null, 8));
        Assert.Equal(EventOutcome.WrongMode, EventRules.Decide("stripe", wrong, true, null, 8));
        Assert.Equal(EventOutcome.UnknownOrder, EventRules.Decide("stripe", wrong, false, null, 8));
        Assert.Equal(EventOutcome.PaymentOfAnotherOrder, EventRules.Decide("stripe", wrong, false, s_order, 8));
        Assert.Equal(EventOutcome.WrongAmount, EventRules.Decide("stripe", wrong, false, s_order with { Status = OrderStatus.Paid }, null));
    }

    /// <summary>Every outcome: where the order goes, and whether a person must look when money came in, and when none did.</summary>
    [Theory]
    [InlineData("Paid", "paid", false)]
    [InlineData("Declined", "declined", false)]
    [InlineData("Canceled", "canceled", false)]
    [InlineData("NothingToDo", null, false)]
    [InlineData("Repeated", null, false)]
    [InlineData("UnknownOrder", null, true)]
    [InlineData("WrongMode", null, true)]
    [InlineData("WrongAmount", null, true)]
    [InlineData("SecondPayment", null, true)]
    [InlineData("PaymentOfAnotherOrder", null, true)]
    public void Outcome_MovesTheOrderOrCallsAPerson(string name, string? status, bool needsAPerson)
    {
        var outcome = Enum.Parse<EventOutcome>(name);

        Assert.Equal(status, EventRules.StatusAfter(outcome));
        Assert.Equal(needsAPerson, EventRules.NeedsAPerson(s_paid, outcome));
        Assert.False(EventRules.NeedsAPerson(s_paid with { References = [] }, outcome));
        Assert.False(EventRules.NeedsAPerson(s_paid with { Kind = PaymentEventKind.Failed }, outcome));
    }

    private static string Decide(PaymentEvent said, OrderRow? order, bool isLive = true) =>
        EventRules.Decide("stripe", said, isLive, order, null).ToString();
}
