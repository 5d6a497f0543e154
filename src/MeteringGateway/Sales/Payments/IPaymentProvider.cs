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

    /// <summary>Scheme, host and port of the pages to which customers are sent, as far as they are known; a shop may have others.</summary>
    IReadOnlyList<string> PageOrigins => [];

    /// <summary>
    /// Charges the account's payment method on file. The provider may forget a reference after a day, so nothing older is charged.
    /// </summary>
    Task<PaymentReply> ChargeAsync(PaymentRequest request, CancellationToken cancellationToken);

    /// <summary>Makes a page on which the customer pays, or finds the one that was made under the reference.</summary>
    Task<CheckoutReply> CheckoutAsync(CheckoutRequest request, CancellationToken cancellationToken);

    /// <summary>What has become of a payment.</summary>
    Task<PaymentReply> FindAsync(PaymentLookup lookup, CancellationToken cancellationToken);

    /// <summary>A page on which the customer manages what was agreed; null where the provider can't make one now.</summary>
    Task<string?> PortalAsync(PortalRequest request, CancellationToken cancellationToken);
}

/// <summary>A provider that charges a plan's months by itself.</summary>
internal interface ISubscriptionProvider
{
    /// <summary>What is to become of the subscription. False: the provider could not be told now.</summary>
    Task<bool> TellAsync(string subscriptionId, SubscriptionWish wish, CancellationToken cancellationToken);

    /// <summary>As it stands at the provider; one that is not there has ended. Null where the provider can't be asked now.</summary>
    Task<SubscriptionFacts?> FindSubscriptionAsync(string subscriptionId, CancellationToken cancellationToken);
}

/// <summary>A provider that keeps payment methods and charges them without a page.</summary>
internal interface IMethodProvider
{
    /// <summary>A page on which a method is saved and nothing is paid; null where the provider can't make one now.</summary>
    Task<string?> SetUpAsync(SetupRequest request, CancellationToken cancellationToken);

    /// <summary>The method that was saved by a setup or a payment (<see cref="PaymentEvent.MethodOf"/>).</summary>
    /// <exception cref="PaymentUnavailableException">The provider can't be asked now.</exception>
    Task<MethodFacts?> FindMethodAsync(string savedBy, CancellationToken cancellationToken);

    /// <summary>Takes a method off file at the provider; one that is not there is gone. False: the provider can't be told now.</summary>
    Task<bool> ForgetMethodAsync(string methodId, CancellationToken cancellationToken);
}

/// <summary>A provider's own list of what happened, for what an outage of the webhook lost.</summary>
internal interface IPaymentHistory
{
    string Channel { get; }

    /// <summary>False: there is nobody to ask.</summary>
    bool IsOpen { get; }

    /// <summary>What happened since then, in any order; each under the id that the webhook would give it.</summary>
    /// <exception cref="PaymentUnavailableException">The provider can't be asked now.</exception>
    IAsyncEnumerable<PastEvent> ListAsync(DateTimeOffset since, CancellationToken cancellationToken);
}

/// <param name="Said">What it says.</param>
/// <param name="Body">As the provider writes it, to be kept; null: nothing that a webhook would have brought.</param>
internal sealed record PastEvent(PaymentEvent Said, string? Body);

/// <summary>A payment provider can't be asked now.</summary>
internal sealed class PaymentUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
