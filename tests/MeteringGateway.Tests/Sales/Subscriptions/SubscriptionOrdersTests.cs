using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Subscriptions;

namespace MeteringGateway.Tests.Sales.Subscriptions;

public sealed class SubscriptionOrdersTests
{
    private static readonly PlanRow s_plan = new()
    {
        Id = "pro",
        Slug = "pro",
        Name = "Pro",
        PriceMonthly = 1900,
        PriceYearly = 19000,
        Currency = "EUR",
        CreditsIncluded = 2000,
    };

    private static readonly SubscriptionRow s_monthly = new()
    {
        Id = 3,
        AccountId = 7,
        PlanId = "pro",
        Channel = "stripe",
        Billing = SubscriptionRow.Monthly,
        Status = SubscriptionRow.Active,
        PaidThrough = 1,
    };

    private static readonly SubscriptionRow s_yearly = s_monthly with { Billing = SubscriptionRow.Yearly, PaidThrough = 12 };

    [Theory]
    [InlineData("monthly", 0, 1900)]
    [InlineData("monthly", 1, 1900)]
    [InlineData("monthly", 12, 1900)]
    [InlineData("yearly", 0, 19000)]
    [InlineData("yearly", 1, 0)]
    [InlineData("yearly", 11, 0)]
    [InlineData("yearly", 12, 19000)]
    [InlineData("yearly", 13, 0)]
    [InlineData("yearly", 24, 19000)]
    public void PriceOf_EachMonth_IsTheMonthsOrTheYearsInItsFirst(string billing, int month, long cents) =>
        Assert.Equal(cents, SubscriptionOrders.PriceOf(s_plan, billing, month));

    /// <summary>A plan that lost its yearly price still gives the months of a year that is paid.</summary>
    [Theory]
    [InlineData("yearly", 0, null)]
    [InlineData("yearly", 1, 0L)]
    [InlineData("yearly", 12, null)]
    [InlineData("monthly", 0, 1900L)]
    public void PriceOf_PlanWithoutAYearlyPrice_StartsNoYear(string billing, int month, long? cents) =>
        Assert.Equal(cents, SubscriptionOrders.PriceOf(s_plan with { PriceYearly = null }, billing, month));

    [Fact]
    public void Of_AMonth_IsItsOrderInEveryField() => Assert.Equal(
        new NewOrder
        {
            AccountId = 7,
            Kind = OrderKind.Subscription,
            Credits = 2000,
            PriceCents = 1900,
            Currency = "EUR",
            Description = "Plan Pro, month 5",
            Channel = "stripe",
            SubscriptionId = 3,
            Period = 4,
            Attempt = 2,
        },
        SubscriptionOrders.Of(s_monthly with { Refusals = 2 }, s_plan, 4));

    /// <summary>A year counts from where its plan and billing began, not from the subscription's first month.</summary>
    [Theory]
    [InlineData(5, 5, 19000)]
    [InlineData(5, 6, 0)]
    [InlineData(5, 16, 0)]
    [InlineData(5, 17, 19000)]
    public void Of_YearThatBeganLater_IsPaidInItsOwnFirstMonth(int billedFrom, int period, long cents) =>
        Assert.Equal(cents, SubscriptionOrders.Of(s_yearly with { BilledFrom = billedFrom }, s_plan, period)!.PriceCents);

    /// <summary>A change that was wanted waits for the first month that is not paid.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(10, false)]
    [InlineData(11, true)]
    [InlineData(12, true)]
    public void Upcoming_WantedChange_TakesEffectWhereWhatIsPaidEnds(int period, bool changes)
    {
        var due = s_yearly with { Period = period, NextPlanId = "max", NextBilling = SubscriptionRow.Monthly, NextChannel = "creem" };

        var upcoming = SubscriptionOrders.Upcoming(due);

        Assert.Equal(
            changes ? ("max", SubscriptionRow.Monthly, "creem", period + 1) : ("pro", SubscriptionRow.Yearly, "stripe", 0),
            (upcoming.PlanId, upcoming.Billing, upcoming.Channel, upcoming.BilledFrom));
        Assert.Equal(period, upcoming.Period);
    }

    [Fact]
    public void Upcoming_NoChangeWanted_IsTheSame() => Assert.Same(s_monthly, SubscriptionOrders.Upcoming(s_monthly));

    [Fact]
    public void OfNextMonth_MonthAfterMonth_CostsTheSame()
    {
        var (subscription, order) = SubscriptionOrders.OfNextMonth(s_monthly with { Period = 3 }, s_plan);

        Assert.Equal((4, 1900L), (order.Period, order.PriceCents));
        Assert.Equal((SubscriptionRow.Monthly, 0), (subscription.Billing, subscription.BilledFrom));
    }

    [Theory]
    [InlineData(10, true, 0, "yearly", 0)]
    [InlineData(11, true, 19000, "yearly", 0)]
    [InlineData(10, false, 0, "yearly", 0)]
    [InlineData(11, false, 1900, "monthly", 12)]
    public void OfNextMonth_Year_GoesOnByTheMonthWhereItsPriceWasTakenAway(int period, bool hasYearly, long cents, string billing,
        int billedFrom)
    {
        var plan = hasYearly ? s_plan : s_plan with { PriceYearly = null };

        var (subscription, order) = SubscriptionOrders.OfNextMonth(s_yearly with { Period = period }, plan);

        Assert.Equal((period + 1, cents, 2000L), (order.Period, order.PriceCents, order.Credits));
        Assert.Equal((billing, billedFrom), (subscription.Billing, subscription.BilledFrom));
    }

    /// <summary>The wish is the monthly plan <c>pro</c>.</summary>
    [Theory]
    [InlineData("active", "pro", "monthly", false, null, false, "None")]
    [InlineData("active", "pro", "monthly", true, null, false, "AfterWhatIsPaid")]
    [InlineData("active", "pro", "monthly", false, "max", false, "AfterWhatIsPaid")]
    [InlineData("active", "pro", "yearly", false, null, false, "AfterWhatIsPaid")]
    [InlineData("active", "max", "monthly", false, null, false, "AfterWhatIsPaid")]
    [InlineData("active", "free", "monthly", false, null, true, "Begins")]
    [InlineData("active", "free", "monthly", true, null, true, "Begins")]
    [InlineData("active", "pro", "yearly", false, null, true, "AfterWhatIsPaid")]
    [InlineData("past_due", "pro", "monthly", false, null, false, "Begins")]
    [InlineData("canceled", "pro", "monthly", true, null, false, "Begins")]
    public void ChangeTo_BesideWhatRuns_BeginsOrWaits(
        string status, string plan, string billing, bool ends, string? next, bool isFree, string change)
    {
        var current = s_monthly with { Status = status, PlanId = plan, Billing = billing, CancelAtPeriodEnd = ends, NextPlanId = next };

        Assert.Equal(change, SubscriptionOrders.ChangeTo(current, isFree, "pro", SubscriptionRow.Monthly).ToString());
    }

    [Fact]
    public void ChangeTo_WithoutASubscription_Begins() =>
        Assert.Equal(PlanChange.Begins, SubscriptionOrders.ChangeTo(null, false, "pro", SubscriptionRow.Monthly));
}
