namespace MeteringGateway.Sales.Payments;

internal enum PaymentStatus
{
    Paid,
    Pending,
    Declined,

    /// <summary>Given up before it was paid: a page that was left, or that expired.</summary>
    Canceled,

    /// <summary>The provider has never heard of it.</summary>
    Unknown,

    /// <summary>The provider can't be asked now, or its answer was lost; it is safe to ask again with the same reference.</summary>
    Unavailable,
}

/// <param name="Reference">Ours, and the provider's idempotency key: the same reference is paid at most once.</param>
/// <param name="AccountId">Whose payment method is charged.</param>
/// <param name="AmountCents">More than 0; what costs nothing is not asked for.</param>
/// <param name="Currency">ISO 4217, in capitals.</param>
/// <param name="Description">For the customer's statement.</param>
/// <param name="SandboxMode">What the sandbox is to do; real providers ignore it.</param>
internal sealed record PaymentRequest(
    string Reference, long AccountId, long AmountCents, string Currency, string Description, string? SandboxMode = null);

internal readonly record struct PaymentReply(PaymentStatus Status, string? PaymentId = null, string? Detail = null);

/// <param name="Payment">What is to be paid.</param>
/// <param name="SuccessUrl">Where the customer goes afterwards.</param>
/// <param name="CancelUrl">Where a customer that does not pay is sent.</param>
/// <param name="GatewayUrl">How customers reach this gateway (<c>PublicUrl</c>), without a slash at the end.</param>
/// <param name="ProductId">What the provider calls the thing sold: a Stripe price, a Creem product.</param>
internal sealed record CheckoutRequest(
    PaymentRequest Payment, string SuccessUrl, string CancelUrl, string GatewayUrl, string? ProductId = null);

/// <summary>A page to pay on; <see cref="Url"/> is null where the provider could not make one.</summary>
internal readonly record struct CheckoutReply(PaymentStatus Status, string? Url, string? PaymentId = null, string? Detail = null);

internal sealed record PortalRequest(long AccountId, string ReturnUrl, string GatewayUrl);
