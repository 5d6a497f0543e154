using System.Collections.Frozen;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Configuration;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>Reads a surface's <c>Price</c>. Which of the three kinds it is follows from the fields it has.</summary>
internal static class PriceReader
{
    /// <summary>It is in the entry of each call that chooses it.</summary>
    private const int LongestOption = 200;

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
        Price? price = fields.Has("Usage") ? Usage(fields, errors)
            : fields.Has("Per") || fields.Has("By") ? Option(fields, errors)
            : Flat(fields, errors);
        fields.RefuseOthers();
        return price;
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
        return Required(fields, "Credits", errors) is { } amount ? new FlatPrice(amount) : null;
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
            var single = Required(fields, "Credits", errors);
            return per is null || single is null ? null : new OptionPrice(per, null, Table([new("", single.Value)]));
        }
        var prices = PriceList(fields, errors);
        return prices is null ? null : new OptionPrice(per, by, Table(prices));
    }

    /// <summary>
    /// The names are taken from whole paths: a format may well be called "16:9", which the configuration splits at the colon.
    /// </summary>
    private static List<KeyValuePair<string, long>>? PriceList(SectionFields fields, ConfigurationErrors errors)
    {
        var section = fields.Field("Credits");
        var leaves = Leaves(section).ToArray();
        if (leaves.Length == 0)
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
            var option = leaf.Path[(section.Path.Length + 1)..];
            if (SectionFields.TextProblem(option, LongestOption) is { } expected)
                errors.AddWithoutValue(leaf.Path, $"has a name that is no option: must be {expected}");
            else if (fields.Whole(leaf, 1, Price.Ceiling) is { } credits)
                prices.Add(new(option, credits));
        }
        return prices.Count == leaves.Length ? prices : null;
    }

    private static UsagePrice? Usage(SectionFields fields, ConfigurationErrors errors)
    {
        var path = fields.Text("Usage");
        var perThousand = Required(fields, "CreditsPerThousand", errors);
        var most = Required(fields, "MaxCredits", errors);
        if (path is not null && path.Split('.').Any(string.IsNullOrWhiteSpace))
        {
            errors.Add($"{fields.Path}:Usage", path, "a path into the provider's answer like usage.total_tokens");
            return null;
        }
        return path is null || perThousand is null || most is null ? null : new UsagePrice(path, perThousand.Value, most.Value);
    }

    private static long? Required(SectionFields fields, string name, ConfigurationErrors errors)
    {
        if (fields.Has(name))
            return fields.Whole(name, 1, Price.Ceiling);
        _ = fields.Field(name);
        errors.Missing($"{fields.Path}:{name}", $"a whole number from 1 to {Price.Ceiling}");
        return null;
    }

    private static IEnumerable<IConfigurationSection> Leaves(IConfigurationSection section) =>
        section.GetChildren().SelectMany(child => child.GetChildren().Any() ? Leaves(child) : [child]);

    private static FrozenDictionary<string, long> Table(IEnumerable<KeyValuePair<string, long>> prices) =>
        prices.ToFrozenDictionary(StringComparer.Ordinal);
}
