namespace MeteringGateway.Sales.Payments.Stripe;

/// <summary>Section <c>Payments:Stripe</c>.</summary>
internal sealed class StripeOptions
{
    public const string Section = "Payments:Stripe";

    /// <summary>The whole <c>whsec_…</c> text. Unset: the endpoint is closed.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>Events of the other mode change nothing: a test payment must not buy real credits.</summary>
    public bool LiveMode { get; set; } = true;
}
