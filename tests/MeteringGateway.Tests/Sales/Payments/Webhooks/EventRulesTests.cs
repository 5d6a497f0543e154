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

    /// <summary>A page's payment with tax: the charge behind it is the sum, and only the page says what of it was the price.</summary>
    [Theory]
    [InlineData(2975, true, "NothingToDo")]
    [InlineData(2975, false, "WrongAmount")]
    [InlineData(2499, true, "WrongAmount")]
    [InlineData(2500, true, "Paid")]
    public void Decide_ChargeBehindAPage_LeavesTheTaxToThePage(int cents, bool hosted, string outcome) =>
        Assert.Equal(outcome, Decide(s_paid with { IsCharge = true, AmountCents = cents }, s_order with { Hosted = hosted }));

    [Theory]
    [InlineData("paid", "pi_1", "NothingToDo")]
    [InlineData("paid", "pi_2", "SecondPayment")]
    [InlineData("paid", null, "SecondPayment")]
    [InlineData("fulfilled", "pi_2", "SecondPayment")]
    [InlineData("declined", "pi_2", "Paid")]
    public void Decide_OrderThatIsPaid_TakesNoSecondPayment(string status, string? payment, string outcome) =>
        Assert.Equal(outcome, Decide(s_paid with { PaymentId = payment }, s_order with { Status = status }));

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(false, false, false)]
    [InlineData(null, true, false)]
    [InlineData(null, false, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    public void IsOfOtherMode_LiveAndTest_AreToldApart(bool? said, bool isLive, bool isOther) =>
        Assert.Equal(isOther, EventRules.IsOfOtherMode(s_paid with { IsLive = said }, isLive));

    /// <summary>Of a charge without a page its own answer is told first: an order that waits for a page by now goes on waiting.</summary>
    [Theory]
    [InlineData(true, "pi_1", "Failed", "NothingToDo")]
    [InlineData(true, "pi_1", "Expired", "NothingToDo")]
    [InlineData(false, "pi_2", "Failed", "NothingToDo")]
    [InlineData(false, "pi_1", "Failed", "Declined")]
    [InlineData(true, "pi_1", "Paid", "Paid")]
    public void Decide_ChargeThatFailed_EndsOnlyTheOrderThatWaitsForIt(bool hosted, string payment, string kind, string outcome)
    {
        var said = s_paid with { Kind = Enum.Parse<PaymentEventKind>(kind), IsCharge = true, PaymentId = payment };
        Assert.Equal(outcome, Decide(said, s_order with { Status = "pending", Hosted = hosted, PaymentId = "pi_1" }));
    }

    [Theory]
    [InlineData(null, "Paid")]
    [InlineData(7L, "Paid")]
    [InlineData(8L, "PaymentOfAnotherOrder")]
    public void Decide_PaymentOfAnotherOrder_PaysNoSecondOne(long? orderOfPayment, string outcome)
    {
        Assert.Equal(outcome, EventRules.Decide("stripe", s_paid, s_order, orderOfPayment).ToString());
        Assert.Equal(
            orderOfPayment == 8 ? "PaymentOfAnotherOrder" : "Canceled",
            EventRules.Decide("stripe", s_paid with { Kind = PaymentEventKind.Expired }, s_order, orderOfPayment).ToString());
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
        var wrong = s_paid with { AmountCents = 1, PaymentId = "pi_2" };

        Assert.Equal(EventOutcome.UnknownOrder, EventRules.Decide("stripe", wrong, null, 8));
        Assert.Equal(EventOutcome.PaymentOfAnotherOrder, EventRules.Decide("stripe", wrong, s_order, 8));
        Assert.Equal(EventOutcome.WrongAmount, EventRules.Decide("stripe", wrong, s_order with { Status = OrderStatus.Paid }, null));
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

    private static string Decide(PaymentEvent said, OrderRow? order) =>
        EventRules.Decide("stripe", said, order, null).ToString();
}
