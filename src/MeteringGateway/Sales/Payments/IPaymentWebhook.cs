using System.Text.Json;

namespace MeteringGateway.Sales.Payments;

/// <summary>
/// How one provider tells what happened: how it signs, and what its events say in our words. Any number of callers at once.
/// </summary>
internal interface IPaymentWebhook
{
    /// <summary>The channel whose orders it tells of, and the end of the route: <c>/payment/webhook/stripe</c>.</summary>
    string Channel { get; }

    /// <summary>Where it is configured, for the log: <c>Payments:Stripe</c>.</summary>
    string Section { get; }

    /// <summary>False: there is no secret, so nobody could be told from anybody, and nothing is taken.</summary>
    bool IsConfigured { get; }

    /// <summary>Events of the other mode change nothing.</summary>
    bool LiveMode { get; }

    /// <summary>The provider can only sell what it has as a product of its own, also where the sandbox stands in for it.</summary>
    bool NeedsProduct { get; }

    /// <summary>
    /// Which releases of the provider's interface its events are read as, by the end of their version's name; null: it has no versions.
    /// </summary>
    string? Release => null;

    /// <summary>
    /// Whether the provider sent this body, judged over the raw bytes before anything is read from them. Only where it is configured.
    /// </summary>
    bool Verify(IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now);

    /// <summary>Null: not an event.</summary>
    PaymentEvent? Read(JsonElement root);
}
