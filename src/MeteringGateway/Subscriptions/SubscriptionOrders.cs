using System.Globalization;
using MeteringGateway.Catalog;
using MeteringGateway.Orders;

namespace MeteringGateway.Subscriptions;

/// <summary>What the months of a subscription cost: every month its price, or every twelfth the yearly one. Credits come every month.</summary>
internal static class SubscriptionOrders
{
    private const int MonthsOfAYear = 12;

    /// <param name="plan">Whose price.</param>
    /// <param name="billing">By the month or by the year.</param>
    /// <param name="month">Since this plan and billing began, from 0.</param>
    /// <returns>Null: the plan has no yearly price.</returns>
    public static long? PriceOf(PlanRow plan, string billing, int month) => billing == SubscriptionRow.Monthly
        ? plan.PriceMonthly
        : month % MonthsOfAYear == 0 ? plan.PriceYearly : 0;

    public static NewOrder? Of(SubscriptionRow subscription, PlanRow plan, int period) =>
        PriceOf(plan, subscription.Billing, period - subscription.BilledFrom) is not { } cents ? null : new NewOrder
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
            Attempt = subscription.Refusals,
        };
}
