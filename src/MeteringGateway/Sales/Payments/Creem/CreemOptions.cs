using MeteringGateway.Configuration;

namespace MeteringGateway.Sales.Payments.Creem;

/// <summary>Section <c>Payments:Creem</c>.</summary>
internal sealed class CreemOptions
{
    public const string Section = "Payments:Creem";

    private static readonly string[] s_live = ["creem_"];
    private static readonly string[] s_test = ["creem_test_"];

    /// <summary>Unset: Creem takes no money here, and the sandbox may stand in.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Unset: Creem's own address, for tests or for real as the key says.</summary>
    public string? ApiBase { get; set; }

    /// <summary>Unset: the endpoint is closed.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>
    /// Events of the other mode change nothing: a test payment must not buy real credits. Unset: what the key says, and live without a key.
    /// </summary>
    public bool? LiveMode { get; set; }

    public bool IsOpen => !string.IsNullOrEmpty(ApiKey);
    public bool IsLive => LiveMode ?? ProviderKey.IsLive(ApiKey, s_live, s_test) ?? true;
    public string Address => !string.IsNullOrEmpty(ApiBase) ? ApiBase : IsLive ? "https://api.creem.io" : "https://test-api.creem.io";

    /// <summary>Another server than Creem's has its pages at its own address.</summary>
    public IReadOnlyList<string> PageOrigins =>
        string.IsNullOrEmpty(ApiBase)
            ? ["https://creem.io", "https://www.creem.io", "https://checkout.creem.io"]
            : [ReturnUrl.OriginOf(ApiBase)];

    public void Check(ConfigurationErrors errors) => ProviderKey.Check(Section, ApiKey, ApiBase, LiveMode, s_live, s_test, errors);
}
