using System.Collections.Frozen;

namespace MeteringGateway.Pricing;

internal abstract record Price;

internal sealed record FlatPrice(long Credits) : Price;

internal sealed record OptionPrice(string? Per, string? By, FrozenDictionary<string, long> Credits) : Price;

internal sealed record UsagePrice(string Path, long CreditsPerThousand, long MaxCredits) : Price;
