using System.Globalization;
using MeteringGateway.Ledger.Reading;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Rewards;

namespace MeteringGateway.Dialects.Billing;

/// <summary>
/// The shape of every answer of the Billing API; refusals get their <c>success: false</c> from <see cref="BillingErrors"/>.
/// </summary>
internal sealed record BillingAnswer<T>(bool Success, T Data);

internal sealed record BillingBalance(long Balance);

internal sealed record BillingTransaction(string Id, string Type, long Amount, string Description, string CreatedAt)
{
    public static BillingTransaction Of(LedgerEntry entry) => new(
        entry.EntryId, EntryNames.Of(entry.EntryType, entry.CreditsDelta).Billing, entry.CreditsDelta, entry.Description ?? "",
        WireMoment.Seconds(entry.OccurredAt));
}

internal sealed record BillingOrder(
    string Id, string Type, string Status, string Description, long Credits, long Amount, string Currency, string Channel,
    string? RedirectUrl, string CreatedAt, string? CompletedAt)
{
    public static BillingOrder Of(Purchase purchase) => new(
        purchase.Id.ToString(CultureInfo.InvariantCulture), purchase.Kind, purchase.Status, purchase.Description,
        purchase.Credits, purchase.PriceCents,
        purchase.Currency, purchase.Channel, purchase.PaymentUrl, WireMoment.Seconds(purchase.CreatedAt),
        purchase.SettledAt is { } settled ? WireMoment.Seconds(settled) : null);
}

internal sealed record BillingPlan(
    string Id, string Name, string Description, long PriceMonthly, long? PriceYearly, long CreditsIncluded, IReadOnlyList<string> Features)
{
    public static BillingPlan Of(PlanRow row) =>
        new(row.Id, row.Name, row.Description, row.PriceMonthly, row.PriceYearly, row.CreditsIncluded, row.Features);
}

internal sealed record BillingCheckIn(long Credits, int Streak, long? Balance, string Day, string NextAt)
{
    public static BillingCheckIn Of(CheckInReply reply) => new(
        reply.Reward!.Credits, reply.Day.Streak ?? 1, reply.Reward.BalanceAfter,
        reply.Day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), WireMoment.Seconds(reply.Day.NextAt));
}

internal sealed record BillingRedemption(string Code, long Credits, long? Balance);

/// <summary>Where to send the customer; <c>url</c> says the same for clients that look there.</summary>
internal sealed record BillingSession(string RedirectUrl, string Url, string? OrderId);

/// <summary>
/// <c>paid_until</c> is when a cancellation or a change takes effect, <c>retry_at</c> when a refused payment is tried again.
/// </summary>
internal sealed record BillingSubscription(
    string Id, string PlanId, string Billing, string Status, string Channel, string? CurrentPeriodEnd,
    bool CancelAtPeriodEnd, string? PaidUntil, string? NextPlanId, string? NextBilling, string? RetryAt);
