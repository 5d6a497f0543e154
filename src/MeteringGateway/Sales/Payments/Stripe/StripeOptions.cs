using MeteringGateway.Configuration;

namespace MeteringGateway.Sales.Payments.Stripe;

/// <summary>Section <c>Payments:Stripe</c>.</summary>
internal sealed class StripeOptions
{
    public const string Section = "Payments:Stripe";
    public const string DefaultBase = "https://api.stripe.com";

    private static readonly string[] s_live = ["sk_live_", "rk_live_"];
    private static readonly string[] s_test = ["sk_test_", "rk_test_"];

    /// <summary>The secret or restricted key. Unset: Stripe takes no money here, and the sandbox may stand in.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Stripe's own address; a test names another server.</summary>
    public string ApiBase { get; set; } = DefaultBase;

    /// <summary>The whole <c>whsec_…</c> text. Unset: the endpoint is closed.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>
    /// Events of the other mode change nothing: a test payment must not buy real credits. Unset: what the key says, and live without a key.
    /// </summary>
    public bool? LiveMode { get; set; }

    public bool IsOpen => !string.IsNullOrEmpty(ApiKey);
    public bool IsLive => LiveMode ?? ProviderKey.IsLive(ApiKey, s_live, s_test) ?? true;

    /// <summary>Another server than Stripe's has its pages at its own address.</summary>
    public IReadOnlyList<string> PageOrigins =>
        ApiBase == DefaultBase ? ["https://checkout.stripe.com", "https://billing.stripe.com"] : [ReturnUrl.OriginOf(ApiBase)];

    public void Check(ConfigurationErrors errors) => ProviderKey.Check(Section, ApiKey, ApiBase, LiveMode, s_live, s_test, errors);
}
