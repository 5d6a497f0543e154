namespace MeteringGateway.Sales.Payments;

internal enum PaymentStatus
{
    Paid,
    Pending,
    Declined,

    /// <summary>Given up before it was paid: a page that was left, or that expired.</summary>
    Canceled,

    /// <summary>
    /// Nothing was charged, and nothing can be without the customer: there is no saved method, or its bank wants to see who pays.
    /// </summary>
    NeedsCustomer,

    /// <summary>The provider has never heard of it.</summary>
    Unknown,

    /// <summary>The provider can't be asked now, or its answer was lost; it is safe to ask again with the same reference.</summary>
    Unavailable,
}

/// <param name="Reference">
/// Ours (<c>order:42</c>): the same reference is paid at most once. What a real provider gets to see begins with the installation's name,
/// see <see cref="Installation"/>.
/// </param>
/// <param name="AccountId">Whose payment method is charged.</param>
/// <param name="AmountCents">More than 0, in the smallest unit of the currency; what costs nothing is not asked for.</param>
/// <param name="Currency">ISO 4217, in capitals.</param>
/// <param name="Description">For the customer's statement.</param>
/// <param name="SandboxMode">What the sandbox is to do; real providers ignore it.</param>
internal sealed record PaymentRequest(
    string Reference, long AccountId, long AmountCents, string Currency, string Description, string? SandboxMode = null);

/// <param name="Status">What became of it.</param>
/// <param name="PaymentId">The provider's id, under which refunds and disputes name the payment; null: there is none yet.</param>
/// <param name="Detail">What a person reads. No secret and no card fact.</param>
/// <param name="PaidCents">What the customer paid in all, tax and discounts included; null: the amount that was asked for.</param>
internal readonly record struct PaymentReply(PaymentStatus Status, string? PaymentId = null, string? Detail = null, long? PaidCents = null);

/// <summary>Which payment is looked for.</summary>
/// <param name="Reference">As it was asked for.</param>
/// <param name="AccountId">Whose.</param>
/// <param name="IsHosted">Paid on a page, rather than charged at once.</param>
/// <param name="CheckoutId">The page, where its making was noted.</param>
/// <param name="OrderedAt">The provider has nothing from before.</param>
internal sealed record PaymentLookup(string Reference, long AccountId, bool IsHosted, string? CheckoutId, DateTimeOffset OrderedAt);

/// <param name="Payment">What is to be paid.</param>
/// <param name="SuccessUrl">Where the customer goes afterwards.</param>
/// <param name="CancelUrl">Where a customer that does not pay is sent.</param>
/// <param name="GatewayUrl">How customers reach this gateway (<c>PublicUrl</c>), without a slash at the end.</param>
/// <param name="OrderedAt">When the order was made: what the page's making before it died may have left is no older.</param>
/// <param name="ProductId">What the provider calls the thing sold: a Stripe price, a Creem product.</param>
/// <param name="Recurring">Of a plan: the provider charges it by itself from then on. Null: paid once.</param>
/// <param name="SavesMethod">What the customer pays with is kept, to be charged again without a page.</param>
internal sealed record CheckoutRequest(
    PaymentRequest Payment, string SuccessUrl, string CancelUrl, string GatewayUrl, DateTimeOffset OrderedAt, string? ProductId = null,
    RecurringTerms? Recurring = null, bool SavesMethod = false);

/// <param name="Billing"><c>monthly</c> or <c>yearly</c>.</param>
/// <param name="Reference">Our subscription: <c>subscription:7</c>.</param>
/// <param name="PlanName">What the customer sees.</param>
internal sealed record RecurringTerms(string Billing, string Reference, string PlanName);

/// <summary>A page to pay on; <see cref="Url"/> is null where the provider could not make one.</summary>
/// <param name="Status">Pending where there is a page.</param>
/// <param name="Url">Where the customer goes.</param>
/// <param name="PaymentId">Where the payment has an id before it is paid.</param>
/// <param name="Detail">What a person reads.</param>
/// <param name="CheckoutId">The provider's id of the page.</param>
internal readonly record struct CheckoutReply(
    PaymentStatus Status, string? Url, string? PaymentId = null, string? Detail = null, string? CheckoutId = null);

/// <param name="AccountId">Whose agreements.</param>
/// <param name="ReturnUrl">Where the page leads back to.</param>
/// <param name="GatewayUrl">How customers reach this gateway.</param>
internal sealed record PortalRequest(long AccountId, string ReturnUrl, string GatewayUrl);

/// <param name="AccountId">Who wants to be charged without a page from then on.</param>
/// <param name="Reference">Ours, the same for a repeat: <c>setup:…</c>.</param>
/// <param name="SuccessUrl">Where the customer goes afterwards.</param>
/// <param name="CancelUrl">Where one that leaves is sent.</param>
/// <param name="GatewayUrl">How customers reach this gateway.</param>
internal sealed record SetupRequest(long AccountId, string Reference, string SuccessUrl, string CancelUrl, string GatewayUrl);

/// <summary>What may be shown of a payment method.</summary>
/// <param name="MethodId">The provider's id.</param>
/// <param name="Brand">visa, mastercard, link, sepa_debit …</param>
/// <param name="Last4">Empty where it has no number.</param>
/// <param name="ExpMonth">1 to 12; null where it does not expire.</param>
/// <param name="ExpYear">Four digits.</param>
internal sealed record MethodFacts(string MethodId, string Brand, string Last4, int? ExpMonth, int? ExpYear);

internal enum SubscriptionState
{
    Active,

    /// <summary>A month was refused; the provider tries it again.</summary>
    PastDue,

    /// <summary>Over: nothing is charged any more.</summary>
    Ended,
}

internal enum SubscriptionWish
{
    GoesOn,
    EndsWithWhatIsPaid,

    /// <summary>A payment that was refused is not tried again.</summary>
    EndsNow,
}

/// <summary>A subscription as the provider has it.</summary>
/// <param name="ProviderId">The provider's id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="IsEnding">It ends with what is paid.</param>
/// <param name="PeriodEnd">When what is paid ends; null: not told.</param>
internal sealed record SubscriptionFacts(string ProviderId, SubscriptionState State, bool IsEnding, DateTimeOffset? PeriodEnd);
