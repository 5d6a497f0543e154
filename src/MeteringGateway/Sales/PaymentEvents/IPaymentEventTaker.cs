using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;
using Npgsql;

namespace MeteringGateway.Sales.PaymentEvents;

/// <summary>One new event on its way: everything that is done about it is one transaction with its row.</summary>
/// <param name="Transaction">Of the event.</param>
/// <param name="Channel">The provider's.</param>
/// <param name="Said">What it says.</param>
/// <param name="Installation">Our name at providers.</param>
/// <param name="TakesPlain">
/// References without our name count: the channel has no provider of its own yet, so nobody but the operator has written them.
/// </param>
internal sealed record EventContext(
    NpgsqlTransaction Transaction, string Channel, PaymentEvent Said, string Installation, bool TakesPlain)
{
    /// <summary>The references that are ours, as we know them.</summary>
    public IEnumerable<string> OwnOf(IEnumerable<string> references) => references
        .Select(reference => Payments.Installation.Own(Installation, reference) ?? (TakesPlain ? reference : null))
        .OfType<string>();

    /// <summary>Whether another installation is meant, and not this one.</summary>
    public bool IsForeign(IEnumerable<string> references) => references.ToList() is { Count: > 0 } all
        && all.All(text => Payments.Installation.IsOutside(text) && Payments.Installation.Own(Installation, text) is null);
}

/// <summary>What came of an event, and the order that it moved.</summary>
internal readonly record struct EventResult(EventOutcome Outcome, OrderRow? Order = null);

/// <summary>
/// Takes the events that one feature is about. What it does holds in whatever order events come, and however often. Any number of
/// callers at once.
/// </summary>
internal interface IPaymentEventTaker
{
    /// <summary>Null: it is no concern of this one.</summary>
    Task<EventResult?> TakeAsync(EventContext context, CancellationToken cancellationToken);

    /// <summary>
    /// After the transaction: credits, and what is to be said elsewhere. Also after a repeat, for the delivery before may have died here.
    /// What can't be done now is done later by itself.
    /// </summary>
    Task FinishAsync(EventResult result, CancellationToken cancellationToken);
}
