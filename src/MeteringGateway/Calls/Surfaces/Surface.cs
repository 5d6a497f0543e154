using System.Collections.Frozen;
using System.Collections.Immutable;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces.TestAnswers;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>One thing that can be bought: what it costs, who provides it in which order, and how long that may take.</summary>
internal sealed record Surface(
    string Slug,
    string Name,
    string? Description,
    Price Price,
    ImmutableArray<string> Providers,
    TimeSpan AttemptTimeout,
    TimeSpan TotalTimeout,
    FrozenSet<int> FallbackStatuses,
    int MaxRequestBytes)
{
    /// <summary>The price in JSON, as the configuration writes it.</summary>
    public string PriceText { get; init; } = "null";

    /// <summary>The prices of those providers that have one of their own; by name in any case.</summary>
    public FrozenDictionary<string, Price> ProviderPrices { get; init; } = FrozenDictionary<string, Price>.Empty;

    /// <summary>What test keys get.</summary>
    public TestAnswer TestAnswer { get => field ??= CannedAnswer.Of(this); init; }

    /// <summary>Whether the request must be one JSON object for the sake of its price.</summary>
    public bool ReadsRequest => Price.ReadsRequest || ProviderPrices.Values.Any(price => price.ReadsRequest);

    /// <summary>By the prices of the chain. A request that one of them can't price is refused.</summary>
    public SurfaceQuote Quote(ReadOnlySpan<byte> body)
    {
        if (ProviderPrices.Count == 0)
        {
            return new SurfaceQuote(Price.Quote(body));
        }

        var quotes = new KeyValuePair<string, Quote>[Providers.Length];
        for (var i = 0; i < quotes.Length; i++)
        {
            var quote = ProviderPrices.GetValueOrDefault(Providers[i], Price).Quote(body);
            if (quote.Error is not null)
            {
                return new SurfaceQuote(quote);
            }

            quotes[i] = new(Providers[i], quote);
        }

        return new SurfaceQuote(quotes);
    }
}
