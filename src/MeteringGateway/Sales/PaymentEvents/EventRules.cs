using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;

namespace MeteringGateway.Sales.PaymentEvents;

internal enum EventOutcome
{
    /// <summary>The order is paid now.</summary>
    Paid,
    Declined,
    Canceled,

    /// <summary>True, and known already, or no concern of an order.</summary>
    NothingToDo,

    /// <summary>The same event came before.</summary>
    Repeated,

    /// <summary>A refund, a dispute, a subscription or a payment method is noted as the provider tells of it.</summary>
    Noted,

    /// <summary>It names no order of this channel.</summary>
    UnknownOrder,

    /// <summary>A refund or a dispute of a payment that no order has, or not yet: it is kept, and counts once one has.</summary>
    UnknownPayment,

    /// <summary>Another installation, on the same account of the provider, takes care of it.</summary>
    OtherInstallation,

    /// <summary>It matters, and its facts are in no place that is known here.</summary>
    UnknownShape,

    /// <summary>A test event where live ones count, or the other way round.</summary>
    WrongMode,

    /// <summary>It names another amount or currency than the order: nobody pays a cent for a thousand dollars.</summary>
    WrongAmount,

    /// <summary>The order was paid by another payment before: a person has to give one back.</summary>
    SecondPayment,

    /// <summary>The payment belongs to another order.</summary>
    PaymentOfAnotherOrder,
}

/// <summary>What an event does to its order: a pure function, so that every case stands in a table.</summary>
internal static class EventRules
{
    public static EventOutcome Decide(string channel, PaymentEvent said, OrderRow? order, long? orderOfPayment)
    {
        if (order is null || order.Channel != channel)
        {
            return EventOutcome.UnknownOrder;
        }

        if (orderOfPayment is { } other && other != order.Id)
        {
            return EventOutcome.PaymentOfAnotherOrder;
        }

        if (said.Kind != PaymentEventKind.Paid)
        {
            // Of a charge that failed its own answer is told first: the order may wait for a page by now.
            return said.IsCharge && (order.Hosted || said.PaymentId != order.PaymentId) ? EventOutcome.NothingToDo
                : order.Status != OrderStatus.Pending ? EventOutcome.NothingToDo
                : said.Kind == PaymentEventKind.Failed ? EventOutcome.Declined : EventOutcome.Canceled;
        }

        var isPaid = order.Status is OrderStatus.Paid or OrderStatus.Fulfilled;
        if (isPaid && said.PaymentId is not null && (said.PaymentId == order.PaymentId || orderOfPayment == order.Id))
        {
            return EventOutcome.NothingToDo;
        }

        // What of a page's payment is tax, its own event says; the charge behind it knows the sum alone.
        if (said.IsCharge && order.Hosted && said.AmountCents > order.PriceCents && said.Currency == order.Currency)
        {
            return EventOutcome.NothingToDo;
        }

        if (said.AmountCents != order.PriceCents || said.Currency != order.Currency)
        {
            return EventOutcome.WrongAmount;
        }

        return !isPaid ? EventOutcome.Paid
            : said.PaymentId == order.PaymentId ? EventOutcome.NothingToDo : EventOutcome.SecondPayment;
    }

    /// <summary>A test event where live ones count, or the other way round. One that does not say is taken as of this mode.</summary>
    public static bool IsOfOtherMode(PaymentEvent said, bool isLive) => said.IsLive is { } live && live != isLive;

    /// <summary>Null: the order stays where it is.</summary>
    public static string? StatusAfter(EventOutcome outcome) => outcome switch
    {
        EventOutcome.Paid => OrderStatus.Paid,
        EventOutcome.Declined => OrderStatus.Declined,
        EventOutcome.Canceled => OrderStatus.Canceled,
        _ => null,
    };

    /// <summary>
    /// Whether an operator should see it: money came in that no order takes. An event that names no order is not meant:
    /// a provider tells of one payment in several, and of payments that are no concern of ours.
    /// </summary>
    public static bool NeedsAPerson(PaymentEvent said, EventOutcome outcome) =>
        outcome == EventOutcome.UnknownShape || (said.Kind == PaymentEventKind.Reversed && outcome == EventOutcome.WrongAmount)
        || (said is { Kind: PaymentEventKind.Paid or PaymentEventKind.MonthPaid }
            && (said.References.Count > 0 || said.Subscription is { References.Count: > 0 })
            && outcome is EventOutcome.WrongAmount or EventOutcome.SecondPayment or EventOutcome.PaymentOfAnotherOrder
                or EventOutcome.WrongMode or EventOutcome.UnknownOrder);
}
