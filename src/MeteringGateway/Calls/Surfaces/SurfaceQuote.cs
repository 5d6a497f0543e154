using MeteringGateway.Calls.Pricing;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>
/// What a call of a surface may cost: as much as the dearest provider of its chain, and then what the one that answered costs.
/// </summary>
internal readonly struct SurfaceQuote
{
    private readonly Quote _quote;
    private readonly KeyValuePair<string, Quote>[]? _byProvider;

    /// <summary>The same with each provider.</summary>
    public SurfaceQuote(Quote quote) => (_quote, Credits) = (quote, quote.Credits);

    /// <param name="byProvider">All of the chain, in its order; none has an error.</param>
    public SurfaceQuote(KeyValuePair<string, Quote>[] byProvider) =>
        (_byProvider, _quote, Credits) = (byProvider, byProvider[0].Value, byProvider.Max(one => one.Value.Credits));

    /// <summary>What is held; 0: nothing is, for the call is free whichever of them answers, or there is an error.</summary>
    public long Credits { get; }

    /// <summary>Set exactly when the request must be refused.</summary>
    public FieldError? Error => _quote.Error;

    /// <summary>What the price came from, for the first provider of the chain.</summary>
    public string? Detail => _quote.Detail;

    /// <summary>By the price of that provider; of one that is not in the chain, by that of the chain's first.</summary>
    public Quote For(string provider)
    {
        foreach (var (name, quote) in _byProvider ?? [])
        {
            if (string.Equals(name, provider, StringComparison.OrdinalIgnoreCase))
            {
                return quote;
            }
        }

        return _quote;
    }
}
