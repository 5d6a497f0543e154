using System.Collections.Frozen;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces.Prices;
using MeteringGateway.Configuration;

namespace MeteringGateway.Calls.Surfaces.Fields;

/// <summary>One provider of a chain, as a surface lists it.</summary>
/// <param name="Name">As its cluster is named.</param>
/// <param name="Price">Its own; null: the surface's.</param>
/// <param name="PriceText">The same in JSON, as the configuration writes it.</param>
internal sealed record ChainEntry(string Name, Price? Price, string PriceText);

/// <summary>Reads a surface's <c>Providers</c>: names, or objects with a name and a price of its own.</summary>
internal static class ChainReader
{
    /// <summary>What is wrong with it has been reported.</summary>
    public static IReadOnlyList<ChainEntry> Read(
        SectionFields fields, FrozenDictionary<string, string> providerNames, ConfigurationErrors errors)
    {
        var before = errors.Lines.Count;
        var listed = fields.List("Providers") ?? [];
        if (listed.Count == 0 && errors.Lines.Count == before)
            errors.Missing($"{fields.Path}:Providers", "a list of at least one provider");
        var chain = new List<ChainEntry>();
        foreach (var element in listed)
        {
            var entry = element.GetChildren().Any() ? new SectionFields(element, errors) : null;
            var given = entry is null ? element : entry.Field("Name");
            _ = entry?.Field("Price");
            if (given.Value is null || !providerNames.TryGetValue(given.Value, out var name))
                errors.Add(given.Path, given.Value, $"a provider in ReverseProxy:Clusters ({Known(providerNames)})");
            else if (chain.Any(earlier => earlier.Name == name))
                errors.Add(given.Path, given.Value, "named once in the chain");
            else
                chain.Add(Entry(name, entry, errors));
            entry?.RefuseOthers();
        }
        return chain;
    }

    private static ChainEntry Entry(string name, SectionFields? entry, ConfigurationErrors errors)
    {
        if (entry is null || !entry.Has("Price"))
            return new ChainEntry(name, null, "null");
        var price = entry.Field("Price");
        return new ChainEntry(name, PriceReader.Read(price, errors), PriceText.Of(price));
    }

    private static string Known(FrozenDictionary<string, string> names) =>
        names.Count == 0 ? "and none is configured" : string.Join(", ", names.Keys.Order(StringComparer.Ordinal));
}
