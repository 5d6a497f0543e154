using MeteringGateway.Payments.Sandbox;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Payments;

/// <summary>
/// Which provider serves a channel. The sandbox also stands in for channels that have no provider configured, so that a client
/// written for <c>stripe</c> works before there is a Stripe account; only while <c>Payments:Sandbox:Enabled</c> is true.
/// </summary>
internal sealed class PaymentChannels(IEnumerable<IPaymentProvider> providers, IOptions<SandboxOptions> sandbox)
{
    public const string Sandbox = "sandbox";
    public const string Stripe = "stripe";
    public const string Creem = "creem";

    private readonly Dictionary<string, IPaymentProvider> _providers = providers.ToDictionary(provider => provider.Channel);

    public static IReadOnlyList<string> Names { get; } = [Stripe, Creem, Sandbox];

    /// <summary>The channel for what is bought without naming one: a real provider before the sandbox.</summary>
    public string Default => Names.FirstOrDefault(_providers.ContainsKey) ?? Sandbox;

    /// <summary>Null: nobody takes money there.</summary>
    public IPaymentProvider? Find(string channel)
    {
        var name = _providers.ContainsKey(channel) || !Names.Contains(channel) ? channel : Sandbox;
        return name == Sandbox && !sandbox.Value.Enabled ? null : _providers.GetValueOrDefault(name);
    }
}
