using System.Collections.Frozen;
using System.Collections.Immutable;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces.Routes;
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

    /// <summary>The same in JSON, as the configuration writes them.</summary>
    public FrozenDictionary<string, string> ProviderPriceTexts { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>How long a stream may take from its first byte on.</summary>
    public TimeSpan StreamTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>By which it can be called like its provider, beside <c>/api/v1/query</c>.</summary>
    public ImmutableArray<RouteEntry> Routes { get; init; } = [];

    /// <summary>Headers that go to its providers on <c>/api/v1/query</c>, beside <c>Accept</c> and <c>Content-Type</c>.</summary>
    public ImmutableArray<string> PassHeaders { get; init; } = [];

    /// <summary>Whether a request for a stream is made to ask for its usage: see <see cref="UsageRequest"/>.</summary>
    public bool AsksForUsage { get; init; }

    /// <summary>The configured <see cref="TestAnswer"/> in JSON.</summary>
    public string TestAnswerText { get; init; } = "null";

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
