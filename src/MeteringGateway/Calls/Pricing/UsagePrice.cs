using System.Collections.Frozen;
using MeteringGateway.Calls.Pricing.Usage;

namespace MeteringGateway.Calls.Pricing;

/// <summary>
/// The provider's answer says how much was used. The most it may cost is held, what it did cost is charged. The rates may be chosen by a
/// field of the request, such as its model.
/// </summary>
/// <param name="By">The request field whose value picks the rates; null: there are one kind of rates, under the empty name.</param>
/// <param name="Rates">By value of <paramref name="By"/>.</param>
internal sealed record UsagePrice(string? By, FrozenDictionary<string, UsageRates> Rates) : Price
{
    /// <summary>Of one field, at so many credits for a thousand.</summary>
    public UsagePrice(string path, long creditsPerThousand, long maxCredits)
        : this(null, One(UsageRates.Of(path, creditsPerThousand, maxCredits)))
    {
    }

    public override bool ReadsRequest => By is not null;

    public static FrozenDictionary<string, UsageRates> One(UsageRates rates) =>
        FrozenDictionary.ToFrozenDictionary([KeyValuePair.Create("", rates)], StringComparer.Ordinal);

    public override Quote Quote(ReadOnlySpan<byte> body)
    {
        if (By is null)
        {
            var only = Rates[""];
            return new Quote(only.MaxCredits, null, null, only);
        }

        var choice = RequestChoice.Read(body, null, By, Rates.Keys);
        if (choice.Error is { } error)
        {
            return new Quote(0, null, error);
        }

        var rates = Rates[choice.Option];
        return new Quote(rates.MaxCredits, $"{By}={choice.Option}", null, rates);
    }
}
