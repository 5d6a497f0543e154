namespace MeteringGateway.Calls.Pricing.Usage;

/// <summary>One number in a provider's answer that costs something.</summary>
/// <param name="Name">Its path, dotted property names such as <c>usage.total_tokens</c>.</param>
/// <param name="Rate">Credits for <see cref="UsageRates.Per"/> of what is counted there.</param>
internal sealed record UsageField(string Name, long Rate)
{
    public string[] Path() => Name.Split('.');
}
