namespace MeteringGateway.Sales.Payments;

/// <summary>
/// The seam to the payment provider that takes the money. Every call is safe to repeat with the same reference: an answer that was lost
/// is asked for again, never paid for again. A provider that can't be reached is a value, not an exception. Any number of callers at once.
/// </summary>
internal interface IPaymentProvider
{
    /// <summary>The channel that orders carry: <c>sandbox</c>, <c>stripe</c>, <c>creem</c>.</summary>
    string Channel { get; }

    /// <summary>False: it takes no money now.</summary>
    bool IsOpen { get; }

    /// <summary>Charges the account's payment method on file.</summary>
    Task<PaymentReply> ChargeAsync(PaymentRequest request, CancellationToken cancellationToken);

    /// <summary>Makes a page on which the customer pays.</summary>
    Task<CheckoutReply> CheckoutAsync(CheckoutRequest request, CancellationToken cancellationToken);

    /// <summary>What has become of a payment.</summary>
    Task<PaymentReply> FindAsync(string reference, CancellationToken cancellationToken);

    /// <summary>A page on which the customer manages what was agreed; null where the provider can't make one now.</summary>
    Task<string?> PortalAsync(PortalRequest request, CancellationToken cancellationToken);
}
