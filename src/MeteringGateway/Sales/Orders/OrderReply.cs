namespace MeteringGateway.Sales.Orders;

internal enum OrderOutcome
{
    /// <summary>Paid, and the credits are on the balance.</summary>
    Fulfilled,

    /// <summary>Paid; Redis is away, and the credits come as soon as it is back.</summary>
    Paid,

    /// <summary>Not paid yet. Nothing need be sent again.</summary>
    Pending,
    Declined,
    Canceled,

    /// <summary>Nothing was charged: the customer has to pay on the page of <see cref="OrderRow.PaymentUrl"/>.</summary>
    NeedsCustomer,

    /// <summary>The idempotency key belongs to another request.</summary>
    Mismatch,
    UnknownPackage,
    UnknownPlan,

    /// <summary>The plan is not sold this way: no yearly price, or no product at the provider.</summary>
    PlanNotSold,
    AlreadySubscribed,

    /// <summary>Nothing is to be paid now: the change takes effect at the end of what is paid.</summary>
    Scheduled,

    /// <summary>It costs nothing, and the person has had it.</summary>
    FreeTaken,
    UnknownAccount,
    AccountSuspended,

    /// <summary>Too little to buy a credit, or more than one order may have.</summary>
    AmountOutOfRange,

    /// <summary>The credits would raise the balance above what one may have; nothing was charged.</summary>
    BalanceTooLarge,

    /// <summary>Nobody takes money on that channel.</summary>
    ChannelDisabled,

    /// <summary>The provider keeps no payment methods: it is paid on a page each time.</summary>
    NoMethodsKept,

    /// <summary>The provider could not make a page to pay on; the same call may be sent again.</summary>
    PaymentUnavailable,
}

/// <summary>What became of an order; <see cref="Order"/> is null where none was made.</summary>
/// <param name="Outcome">What to answer.</param>
/// <param name="Order">As it stands.</param>
/// <param name="IsReplay">The order was there before, under the same idempotency key.</param>
internal readonly record struct OrderReply(OrderOutcome Outcome, OrderRow? Order = null, bool IsReplay = false)
{
    public OrderReply(OrderRow order, bool isReplay)
        : this(OutcomeOf(order), order, isReplay)
    {
    }

    private static OrderOutcome OutcomeOf(OrderRow order) => order.Status switch
    {
        OrderStatus.Pending when order is { Hosted: true, PaymentUrl: not null } => OrderOutcome.NeedsCustomer,
        OrderStatus.Pending when order.Hosted => OrderOutcome.PaymentUnavailable,
        OrderStatus.Fulfilled => OrderOutcome.Fulfilled,
        OrderStatus.Paid => OrderOutcome.Paid,
        OrderStatus.Pending => OrderOutcome.Pending,
        OrderStatus.Declined => OrderOutcome.Declined,
        OrderStatus.Canceled => OrderOutcome.Canceled,
        _ => throw new InvalidOperationException($"Unknown order status {order.Status}."),
    };
}
