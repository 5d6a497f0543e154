namespace MeteringGateway.Sales.Payments;

internal enum PaymentEventKind
{
    Paid,
    Failed,

    /// <summary>The page was left or ran out.</summary>
    Expired,

    /// <summary>Nothing that moves an order.</summary>
    Other,
}

/// <summary>
/// What a provider says has happened, in our words. Amount and currency are only compared with the order's own. <see cref="References"/>
/// names the order: what we wrote into the metadata first, then what a customer may have put into a payment link.
/// </summary>
internal sealed record PaymentEvent(
    string Id, string Type, PaymentEventKind Kind, IReadOnlyList<string> References, string? PaymentId, long? AmountCents,
    string? Currency, bool? IsLive);
