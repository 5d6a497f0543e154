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

    /// <summary>It names no order of this channel.</summary>
    UnknownOrder,

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
    public static EventOutcome Decide(string channel, PaymentEvent said, bool isLive, OrderRow? order, long? orderOfPayment)
    {
        if (said.Kind == PaymentEventKind.Other)
        {
            return EventOutcome.NothingToDo;
        }

        if (said.IsLive is { } live && live != isLive)
        {
            return EventOutcome.WrongMode;
        }

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
            return order.Status != OrderStatus.Pending ? EventOutcome.NothingToDo
                : said.Kind == PaymentEventKind.Failed ? EventOutcome.Declined : EventOutcome.Canceled;
        }

        if (said.AmountCents != order.PriceCents || said.Currency != order.Currency)
        {
            return EventOutcome.WrongAmount;
        }

        return order.Status is OrderStatus.Paid or OrderStatus.Fulfilled
            ? said.PaymentId == order.PaymentId ? EventOutcome.NothingToDo : EventOutcome.SecondPayment
            : EventOutcome.Paid;
    }

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
        said is { Kind: PaymentEventKind.Paid, References.Count: > 0 }
        && outcome is EventOutcome.WrongAmount or EventOutcome.SecondPayment or EventOutcome.PaymentOfAnotherOrder
            or EventOutcome.WrongMode or EventOutcome.UnknownOrder;
}
