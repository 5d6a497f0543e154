namespace MeteringGateway.Sales.Payments;

/// <summary>
/// Which provider serves a channel. A channel is real where its provider has a key. The sandbox stands in for the others, so that a
/// client written for <c>stripe</c> works before there is a Stripe account; only while <c>Payments:Sandbox:Enabled</c> is true.
/// </summary>
internal sealed class PaymentChannels(IEnumerable<IPaymentProvider> providers, IEnumerable<IPaymentWebhook> webhooks)
{
    public const string Sandbox = "sandbox";

    private readonly Dictionary<string, IPaymentProvider> _providers = providers.ToDictionary(provider => provider.Channel);
    private readonly Dictionary<string, IPaymentWebhook> _webhooks = webhooks.ToDictionary(webhook => webhook.Channel);

    /// <summary>Every channel that a client may name, the real ones first.</summary>
    public IReadOnlyList<string> Names { get; } =
    [
        .. webhooks.Select(webhook => webhook.Channel)
            .Union(providers.Select(provider => provider.Channel))
            .OrderBy(name => name == Sandbox),
    ];

    /// <summary>The channel for what is bought without naming one: a real provider before the sandbox.</summary>
    public string Default => Names.FirstOrDefault(IsReal) ?? Sandbox;

    /// <summary>Null: nobody takes money there.</summary>
    public IPaymentProvider? Find(string channel)
    {
        var name = IsReal(channel) || !Names.Contains(channel) ? channel : Sandbox;
        return _providers.GetValueOrDefault(name) is { IsOpen: true } provider ? provider : null;
    }

    /// <summary>The channels that their own providers serve.</summary>
    public IEnumerable<string> Real => Names.Where(IsReal);

    /// <summary>Where the pages of all that take money now are.</summary>
    public IEnumerable<string> PageOrigins =>
        _providers.Values.Where(provider => provider.IsOpen).SelectMany(provider => provider.PageOrigins);

    /// <summary>Whether the channel's own provider serves it, rather than the sandbox.</summary>
    public bool IsReal(string channel) => channel != Sandbox && _providers.GetValueOrDefault(channel) is { IsOpen: true };

    /// <summary>
    /// Whether a plan is sold there only as a product of the provider's, also where the sandbox stands in for it.
    /// </summary>
    public bool NeedsProduct(string channel) =>
        _webhooks.GetValueOrDefault(channel) is { NeedsProduct: true };
}
