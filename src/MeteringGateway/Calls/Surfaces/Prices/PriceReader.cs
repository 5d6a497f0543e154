using System.Collections.Frozen;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Configuration;

namespace MeteringGateway.Calls.Surfaces.Prices;

/// <summary>Reads a <c>Price</c>. Which of the three kinds it is follows from the fields it has.</summary>
internal static class PriceReader
{
    private const string Forms =
        """{ "Credits": 2 }, { "Per": "count", "By": "format", "Credits": { "full": 15 } } or { "Usage": "usage.total_tokens", "CreditsPerThousand": 3, "MaxCredits": 50 }""";

    /// <summary>Answers null when wrong, which has then been reported.</summary>
    public static Price? Read(IConfigurationSection section, ConfigurationErrors errors)
    {
        if (!section.GetChildren().Any())
        {
            if (section.Value is null)
                errors.Missing(section.Path, Forms);
            else
                errors.Add(section.Path, section.Value, Forms);
            return null;
        }
        var fields = new SectionFields(section, errors);
        Price? price = section.GetChildren().Any(child => child.Key.Equals("Usage", StringComparison.OrdinalIgnoreCase))
            ? UsagePriceReader.Read(fields, errors)
            : fields.Has("Per") || fields.Has("By") ? Option(fields, errors)
            : Flat(fields, errors);
        fields.RefuseOthers();
        return price;
    }

    /// <summary>Answers null when it is missing or wrong, which has then been reported.</summary>
    public static long? Required(SectionFields fields, string name, long least, ConfigurationErrors errors)
    {
        if (fields.Has(name))
            return fields.Whole(name, least, Price.Ceiling);
        _ = fields.Field(name);
        errors.Missing($"{fields.Path}:{name}", $"a whole number from {least} to {Price.Ceiling}");
        return null;
    }

    private static FlatPrice? Flat(SectionFields fields, ConfigurationErrors errors)
    {
        var credits = fields.Field("Credits");
        if (credits.GetChildren().Any())
        {
            errors.Missing($"{fields.Path}:By", "the request field that chooses among the prices in Credits");
            return null;
        }
        // Named here so that a misspelt field is compared with every field a price can have.
        _ = (fields.Field("Per"), fields.Field("By"), fields.Field("Usage"));
        return Required(fields, "Credits", 0, errors) is { } amount ? new FlatPrice(amount) : null;
    }

    private static OptionPrice? Option(SectionFields fields, ConfigurationErrors errors)
    {
        var per = fields.Text("Per");
        var by = fields.Text("By");
        if (per is not null && per == by)
        {
            errors.Add($"{fields.Path}:By", by, "another field than Per");
            return null;
        }
        if (by is null)
        {
            var single = Required(fields, "Credits", 1, errors);
            return per is null || single is null ? null : new OptionPrice(per, null, Table([new("", single.Value)]));
        }
        var prices = PriceList(fields, errors);
        return prices is null ? null : new OptionPrice(per, by, Table(prices));
    }

    private static List<KeyValuePair<string, long>>? PriceList(SectionFields fields, ConfigurationErrors errors)
    {
        var section = fields.Field("Credits");
        var leaves = PriceLeaf.Of(section);
        if (leaves.Count == 0)
        {
            if (section.Value is null)
                errors.Missing(section.Path, "a price for each value of By, like { \"full\": 15 }");
            else
                errors.Add(section.Path, section.Value, "a price for each value of By, like { \"full\": 15 }");
            return null;
        }
        var prices = new List<KeyValuePair<string, long>>();
        foreach (var leaf in leaves)
        {
            if (leaf.IsOption(leaf.Name, errors) && fields.Whole(leaf.Section, 1, Price.Ceiling) is { } credits)
                prices.Add(new(leaf.Name, credits));
        }
        return prices.Count == leaves.Count ? prices : null;
    }

    private static FrozenDictionary<string, long> Table(IEnumerable<KeyValuePair<string, long>> prices) =>
        prices.ToFrozenDictionary(StringComparer.Ordinal);
}
