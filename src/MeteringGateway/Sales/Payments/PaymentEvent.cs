namespace MeteringGateway.Sales.Payments;

internal enum PaymentEventKind
{
    Paid,
    Failed,

    /// <summary>The page was left or ran out.</summary>
    Expired,

    /// <summary>A month, or a year, of the provider's own subscription is paid.</summary>
    MonthPaid,

    /// <summary>A payment of the provider's own subscription was refused; the provider tries it again.</summary>
    MonthRefused,

    /// <summary>A provider's subscription began, or changed, or ended: how it stands there is to be noted.</summary>
    SubscriptionChanged,

    /// <summary>A refund or a dispute.</summary>
    Reversed,

    /// <summary>A payment method was saved, or shows other facts now.</summary>
    MethodSaved,
    MethodGone,

    /// <summary>Another name of a payment became known, and nothing else happened.</summary>
    Named,

    /// <summary>It would matter, and its facts are in no place that is known: nobody may think that it was taken.</summary>
    UnknownShape,

    /// <summary>Nothing that moves anything here.</summary>
    Other,
}

/// <summary>
/// What a provider says has happened, in our words. Amount and currency are only compared with the order's own. <see cref="References"/>
/// names the order: what we wrote into the metadata first, then what a customer may have put into a payment link.
/// </summary>
internal sealed record PaymentEvent(
    string Id, string Type, PaymentEventKind Kind, IReadOnlyList<string> References, string? PaymentId, long? AmountCents,
    string? Currency, bool? IsLive)
{
    /// <summary>The provider's page that the order was paid on.</summary>
    public string? CheckoutId { get; init; }

    /// <summary>Other names of <see cref="PaymentId"/>, by which refunds and disputes may call it: an intent, a charge.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What the customer paid in all, tax and discounts included; null: <see cref="AmountCents"/>.</summary>
    public long? PaidCents { get; init; }
    public string? CustomerId { get; init; }

    /// <summary>It tells of a charge without a page: what it says of an order that is paid on one is not the last word.</summary>
    public bool IsCharge { get; init; }

    /// <summary>By the provider's clock.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>In which its objects are written; null: the provider has no versions, or does not say.</summary>
    public string? ApiVersion { get; init; }
    public ReversalSaid? Reversal { get; init; }
    public SubscriptionSaid? Subscription { get; init; }

    /// <summary>The setup or payment whose method is to be asked for; null: <see cref="Method"/> says all.</summary>
    public string? MethodOf { get; init; }
    public MethodFacts? Method { get; init; }
}

internal enum ReversalState
{
    /// <summary>Nothing has moved yet: a refund under way, an inquiry before a dispute.</summary>
    Pending,

    /// <summary>The money is gone.</summary>
    Effective,

    /// <summary>It came back: a refund that failed, a dispute that was won. Final.</summary>
    Undone,
}

/// <param name="Id">Of the refund or the dispute.</param>
/// <param name="Kind"><see cref="Refund"/>, <see cref="RefundTotal"/> or <see cref="Dispute"/>.</param>
/// <param name="State">As far as this event knows; what is known already may be further.</param>
/// <param name="AmountCents">What it takes of the payment.</param>
internal sealed record ReversalSaid(string Id, string Kind, ReversalState State, long AmountCents)
{
    public const string Refund = "refund";

    /// <summary>
    /// All that was refunded of a payment so far, where the provider's list tells no single refund. Another amount is another reversal, so
    /// the id has the amount in it; of several the largest counts.
    /// </summary>
    public const string RefundTotal = "refund_total";
    public const string Dispute = "dispute";
}

/// <param name="ProviderId">The provider's id of the subscription.</param>
/// <param name="References">Ours, as we wrote it into its metadata.</param>
/// <param name="IsFirst">True: of the payment that began it. Null: the provider does not say.</param>
/// <param name="PeriodEnd">When what was paid ends; null: not told.</param>
/// <param name="ProductId">The Stripe price or Creem product; null: not told.</param>
/// <param name="Facts">How it stands, where the event is about that.</param>
internal sealed record SubscriptionSaid(
    string ProviderId, IReadOnlyList<string> References, bool? IsFirst = null, DateTimeOffset? PeriodEnd = null, string? ProductId = null,
    SubscriptionFacts? Facts = null);
