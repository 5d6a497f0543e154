using System.Globalization;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Sales.Subscriptions;

/// <summary>How a wish for a plan is met.</summary>
internal enum PlanChange
{
    /// <summary>A new subscription, which its first payment starts.</summary>
    Begins,

    /// <summary>The subscription that runs changes, or goes on, when what is paid has ended.</summary>
    AfterWhatIsPaid,

    /// <summary>It is what the account has.</summary>
    None,
}

/// <summary>
/// What the months of a subscription cost: every month its price, or every twelfth the yearly one. Credits come every month.
/// </summary>
internal static class SubscriptionOrders
{
    public const int MonthsOfAYear = 12;

    /// <param name="plan">Whose price.</param>
    /// <param name="billing">By the month or by the year.</param>
    /// <param name="month">Since this plan and billing began, from 0.</param>
    /// <returns>Null: the plan has no yearly price.</returns>
    public static long? PriceOf(PlanRow plan, string billing, int month) => billing == SubscriptionRow.Monthly
        ? plan.PriceMonthly
        : month % MonthsOfAYear == 0 ? plan.PriceYearly : 0;

    /// <summary>The subscription as it goes into its next month: where what is paid ends, a change that was wanted takes effect.</summary>
    public static SubscriptionRow Upcoming(SubscriptionRow due)
    {
        var next = due.Period + 1;
        return next >= due.PaidThrough && due.NextPlanId is { } plan
            ? due with { PlanId = plan, Billing = due.NextBilling!, Channel = due.NextChannel!, BilledFrom = next }
            : due;
    }

    /// <summary>The order of the next month. Where the yearly price was taken away since, the subscription goes on by the month.</summary>
    public static (SubscriptionRow Subscription, NewOrder Order) OfNextMonth(SubscriptionRow upcoming, PlanRow plan)
    {
        var next = upcoming.Period + 1;
        if (Of(upcoming, plan, next) is { } order)
        {
            return (upcoming, order);
        }

        var monthly = upcoming with { Billing = SubscriptionRow.Monthly, BilledFrom = next };
        return (monthly, Of(monthly, plan, next)!);
    }

    /// <summary>What becomes of a wish for a plan, beside the subscription that is there.</summary>
    /// <param name="current">The subscription that runs, or the last one that did; null: there was none.</param>
    /// <param name="isFree">Whether the plan that runs costs nothing: that need not be waited for, but by its own plan.</param>
    /// <param name="planId">Of the plan that is wanted.</param>
    /// <param name="billing">By the month or by the year.</param>
    public static PlanChange ChangeTo(SubscriptionRow? current, bool isFree, string planId, string billing) => current switch
    {
        not { Status: SubscriptionRow.Active } => PlanChange.Begins,
        { CancelAtPeriodEnd: false, NextPlanId: null } when current.PlanId == planId && current.Billing == billing => PlanChange.None,
        _ when isFree && current.PlanId != planId => PlanChange.Begins,
        _ => PlanChange.AfterWhatIsPaid,
    };

    public static NewOrder? Of(SubscriptionRow subscription, PlanRow plan, int period) =>
        PriceOf(plan, subscription.Billing, period - subscription.BilledFrom) is { } cents
            ? OfProvider(subscription, plan, period, cents) with { Attempt = subscription.Refusals }
            : null;

    /// <summary>The order of a month that the provider has charged, at the price that was agreed there.</summary>
    public static NewOrder OfProvider(SubscriptionRow subscription, PlanRow plan, int period, long cents) => new()
    {
        AccountId = subscription.AccountId,
        Kind = OrderKind.Subscription,
        Credits = plan.CreditsIncluded,
        PriceCents = cents,
        Currency = plan.Currency,
        Description = string.Create(CultureInfo.InvariantCulture, $"Plan {plan.Name}, month {period + 1}"),
        Channel = subscription.Channel,
        SubscriptionId = subscription.Id,
        Period = period,
    };
}
