using System.Collections.Frozen;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Pricing.Usage;
using MeteringGateway.Configuration;

namespace MeteringGateway.Calls.Surfaces.Prices;

/// <summary>
/// Reads a <c>Price</c> with <c>Usage</c>: one path with <c>CreditsPerThousand</c>, an object of fields with a rate each, or, beside
/// <c>By</c>, such an object for each value of the request's field.
/// </summary>
internal static class UsagePriceReader
{
    private const int DefaultPer = 1000;

    private const string Fields =
        """an object of fields with a rate each, like { "usage.prompt_tokens": 3, "usage.completion_tokens": 15 }""";
    private const string Options =
        """an object of fields for each value of By, like { "small": { "usage.total_tokens": 3 } }""";

    /// <summary>Answers null when wrong, which has then been reported.</summary>
    public static UsagePrice? Read(SectionFields fields, ConfigurationErrors errors)
    {
        var most = PriceReader.Required(fields, "MaxCredits", 1, errors);
        var least = fields.Whole("MinCredits", 1, most ?? Price.Ceiling) ?? 1;
        var usage = fields.Field("Usage");
        var leaves = PriceLeaf.Of(usage);
        if (leaves.Count == 0 && usage.Value is not null)
            return OnePath(fields, least, most, errors);

        var by = fields.Text("By");
        var per = fields.Whole("Per", 1, Price.Ceiling) ?? DefaultPer;
        if (fields.Has("CreditsPerThousand"))
            errors.AddWithoutValue(
                fields.Field("CreditsPerThousand").Path,
                "belongs to Usage with one path: must be left out, each field has its own rate");
        var rates = Rates(fields, usage, leaves, errors);
        return rates is null || most is null ? null : new UsagePrice(by, rates
            .GroupBy(rate => rate.Option, rate => rate.Field, StringComparer.Ordinal)
            .ToFrozenDictionary(
                option => option.Key, option => new UsageRates([.. option], per, least, most.Value), StringComparer.Ordinal));
    }

    private static UsagePrice? OnePath(SectionFields fields, long least, long? most, ConfigurationErrors errors)
    {
        var path = fields.Text("Usage");
        var perThousand = PriceReader.Required(fields, "CreditsPerThousand", 1, errors);
        foreach (var name in (string[])["Per", "By"])
        {
            if (fields.Has(name))
                errors.AddWithoutValue(fields.Field(name).Path, $"belongs to Usage with fields: must be left out, or Usage be {Fields}");
        }
        if (path is not null && !IsPath(path))
        {
            errors.Add($"{fields.Path}:Usage", path, "a path into the provider's answer like usage.total_tokens");
            return null;
        }
        return path is null || perThousand is null || most is null
            ? null
            : new UsagePrice(null, UsagePrice.One(UsageRates.Of(path, perThousand.Value, most.Value) with { MinCredits = least }));
    }

    private static List<(string Option, UsageField Field)>? Rates(
        SectionFields fields, IConfigurationSection usage, IReadOnlyList<PriceLeaf> leaves, ConfigurationErrors errors)
    {
        var hasBy = fields.Has("By");
        if (leaves.Count == 0)
        {
            errors.Missing(usage.Path, hasBy ? Options : Fields);
            return null;
        }
        var before = errors.Lines.Count;
        var rates = new List<(string, UsageField)>();
        foreach (var leaf in leaves)
        {
            // The paths of an answer have no colons; the values of By may.
            var cut = leaf.Name.LastIndexOf(':');
            var (option, path) = cut < 0 ? ("", leaf.Name) : (leaf.Name[..cut], leaf.Name[(cut + 1)..]);
            if (hasBy == (option.Length == 0))
                errors.AddWithoutValue(
                    leaf.Section.Path, hasBy ? $"names no field: must be {Options}" : "needs By: must have the request field that chooses");
            else if (!IsPath(path))
                errors.AddWithoutValue(leaf.Section.Path, "is no path into the provider's answer: must be like usage.total_tokens");
            else if (leaf.IsOption(option, errors) && fields.Whole(leaf.Section, 0, Price.Ceiling) is { } rate)
                rates.Add((option, new UsageField(path, rate)));
        }
        return errors.Lines.Count > before ? null : rates;
    }

    private static bool IsPath(string path) => !path.Split('.').Any(string.IsNullOrWhiteSpace);
}
