using MeteringGateway.Http.Errors;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Dialects;

/// <summary>What a purchase that came to nothing is answered with; each dialect writes it in its own way.</summary>
internal static class OrderRefusals
{
    /// <summary>Null: there is an order, and it is fulfilled, paid, or waits for its payment.</summary>
    public static Problem? Of(OrderReply reply) => reply.Outcome switch
    {
        OrderOutcome.Fulfilled or OrderOutcome.Paid or OrderOutcome.Pending or OrderOutcome.Scheduled => null,
        OrderOutcome.Declined => Problem.Of(ErrorCode.PaymentDeclined, reply.Order?.Refusal ?? "The payment was declined."),
        OrderOutcome.Canceled => Problem.Of(ErrorCode.PaymentDeclined, reply.Order?.Refusal ?? "The payment was given up."),
        OrderOutcome.Mismatch => Problem.Of(ErrorCode.IdempotencyMismatch, "The idempotency key belongs to another purchase."),
        OrderOutcome.UnknownPackage => Problem.Of(ErrorCode.NotFound, "There is no such package on sale."),
        OrderOutcome.UnknownPlan => Problem.Of(ErrorCode.NotFound, "There is no such plan on sale."),
        OrderOutcome.PlanNotSold => Problem.Of(
            ErrorCode.Conflict, "The plan is not sold this way: it has no price for the period, or no product at the payment provider."),
        OrderOutcome.FreeTaken =>
            Problem.Of(ErrorCode.Conflict, "What costs nothing is given once a person and period, and its credits were given already."),
        OrderOutcome.AlreadySubscribed => Problem.Of(ErrorCode.Conflict, "The account has this plan already."),
        OrderOutcome.UnknownAccount => Problem.InvalidKey,
        OrderOutcome.AccountSuspended => Problem.Of(ErrorCode.AccountSuspended, "The account is suspended."),
        OrderOutcome.AmountOutOfRange =>
            Problem.Of(ErrorCode.InvalidRequest, "The amount does not buy a credit, or is more than one order may have."),
        OrderOutcome.BalanceTooLarge =>
            Problem.Of(ErrorCode.Conflict, $"The credits would raise the balance above {CreditBounds.Balance}. Nothing was charged."),
        OrderOutcome.ChannelDisabled => Problem.Of(ErrorCode.PaymentsDisabled, "Nobody takes payments on this channel."),
        OrderOutcome.NeedsCustomer => new Problem
        {
            Code = ErrorCode.PaymentRequired,
            Detail = "Nothing was charged: there is no saved payment method, or its bank wants to see who pays. "
                + "Send the customer to redirect_url.",
            RedirectUrl = reply.Order?.PaymentUrl,
        },
        OrderOutcome.NoMethodsKept => Problem.Of(
            ErrorCode.Conflict, "This payment provider keeps no payment methods: each payment is made on a page of its own."),
        OrderOutcome.PaymentUnavailable =>
            Problem.Of(ErrorCode.PaymentsDisabled, "The payment provider could not make a page to pay on. Send the request again."),
        _ => throw new InvalidOperationException($"Unknown outcome {reply.Outcome}."),
    };

    public static Problem TestKey => Problem.Of(ErrorCode.Forbidden, "A test key moves no credits: use a live key or a session.");
}
