using System.Collections.Frozen;
using Stripe;
using Stripe.Checkout;

namespace MeteringGateway.Sales.Payments.Stripe;

/// <summary>What Stripe's objects say, in our words.</summary>
internal static class StripeReading
{
    /// <summary>The order's metadata name, on sessions, intents and subscriptions.</summary>
    public const string Order = "order";
    public const string Subscription = "subscription";
    public const string Account = "account";
    public const string AuthenticationRequired = "authentication_required";

    /// <summary>
    /// Refusals that a customer can do something about. Of any other nothing is said: banks want no thief to hear that a card is reported.
    /// </summary>
    private static readonly FrozenDictionary<string, string> s_reasons = new Dictionary<string, string>
    {
        ["insufficient_funds"] = "The card was declined: its funds do not suffice.",
        ["expired_card"] = "The card was declined: it has expired.",
        ["incorrect_cvc"] = "The card was declined: its security code is wrong.",
        ["processing_error"] = "The card was declined: its bank could not process it. Try again later.",
        ["card_velocity_exceeded"] = "The card was declined: its limit is used up.",
        ["withdrawal_count_limit_exceeded"] = "The card was declined: its limit is used up.",
        ["currency_not_supported"] = "The card was declined: it does not pay in this currency.",
        ["amount_too_small"] = "The amount is below what the payment provider takes.",
        ["amount_too_large"] = "The amount is above what the payment provider takes.",
    }.ToFrozenDictionary();

    public static PaymentReply Of(PaymentIntent intent) => intent switch
    {
        { Id: null } => new PaymentReply(PaymentStatus.Unavailable),
        { Status: "succeeded" } => new PaymentReply(PaymentStatus.Paid, intent.Id),
        { Status: "canceled" } => new PaymentReply(PaymentStatus.Canceled, intent.Id, "The payment was canceled."),
        { Status: "requires_payment_method", LastPaymentError: { } error } => Refused(error, intent.Id),
        { Status: "requires_action" } => NeedsCustomer(intent.Id),
        _ => new PaymentReply(PaymentStatus.Pending, intent.Id),
    };

    /// <summary>A page. Its payment is that of its intent; of a plan, the first invoice.</summary>
    /// <param name="session">With its intent, where it has one.</param>
    public static PaymentReply Of(Session session)
    {
        var payment = session.PaymentIntentId ?? session.InvoiceId;
        return session switch
        {
            { Status: "complete", PaymentStatus: "paid" or "no_payment_required" } =>
                new PaymentReply(PaymentStatus.Paid, payment, PaidCents: session.AmountTotal),
            { Status: "complete", PaymentIntent: { } intent } when intent.Status is "requires_payment_method" or "canceled" =>
                Declined(intent.LastPaymentError?.DeclineCode, intent.Id),
            { Status: "expired" } => new PaymentReply(PaymentStatus.Canceled, payment, "The payment page was left."),
            _ => new PaymentReply(PaymentStatus.Pending, payment),
        };
    }

    /// <summary>Why a charge was refused, where nothing else has to be known: it is over.</summary>
    public static PaymentReply Refused(StripeError error, string? paymentId) => error switch
    {
        { Code: AuthenticationRequired } or { DeclineCode: AuthenticationRequired } => NeedsCustomer(paymentId),
        // The method or its owner has gone there.
        { Type: "invalid_request_error", Param: "payment_method" or "customer" } => NeedsCustomer(paymentId),
        { Type: StripeApi.CardError } =>
            Declined(error.DeclineCode is { } code && s_reasons.ContainsKey(code) ? code : error.Code, paymentId),
        _ => Declined(error.Code, paymentId) with { Detail = s_reasons.GetValueOrDefault(error.Code ?? "", "The payment was refused.") },
    };

    public static MethodFacts Of(PaymentMethod method) => method switch
    {
        { Card: { } card } => new MethodFacts(method.Id, Short(card.Brand), Digits(card.Last4), (int)card.ExpMonth, (int)card.ExpYear),
        _ => new MethodFacts(
            method.Id, Short(method.Type), Digits(method.SepaDebit?.Last4 ?? method.UsBankAccount?.Last4 ?? method.BacsDebit?.Last4),
            null, null),
    };

    public static SubscriptionFacts Of(global::Stripe.Subscription subscription) => new(
        subscription.Id,
        StripeInvoices.StateOf(subscription.Status),
        subscription.CancelAtPeriodEnd || subscription.CancelAt is not null,
        subscription.Items?.Data is { Count: > 0 } items
            ? new DateTimeOffset(items.Max(item => item.CurrentPeriodEnd), TimeSpan.Zero)
            : null);

    private static PaymentReply NeedsCustomer(string? paymentId) =>
        new(PaymentStatus.NeedsCustomer, paymentId, "The payment has to be confirmed by the customer on a payment page.");

    private static PaymentReply Declined(string? code, string? paymentId) =>
        new(PaymentStatus.Declined, paymentId, s_reasons.GetValueOrDefault(code ?? "", "The card was declined."));

    private static string Short(string? text) => text is { Length: > 0 and <= 64 } && EventJson.IsId(text) ? text : "other";

    private static string Digits(string? text) => text is { Length: <= 4 } && text.All(char.IsAsciiDigit) ? text : "";
}
