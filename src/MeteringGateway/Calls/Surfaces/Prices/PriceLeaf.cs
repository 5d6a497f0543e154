using MeteringGateway.Configuration;

namespace MeteringGateway.Calls.Surfaces.Prices;

/// <summary>
/// One number of a price that is given by name. The name is taken from the whole path: a format may well be called "16:9" and a model
/// "large:free", which the configuration splits at the colon.
/// </summary>
/// <param name="Name">All of its path below the section it was looked for in.</param>
/// <param name="Section">Where its value is.</param>
internal readonly record struct PriceLeaf(string Name, IConfigurationSection Section)
{
    /// <summary>It is in the entry of each call that chooses it.</summary>
    private const int LongestOption = 200;

    public static IReadOnlyList<PriceLeaf> Of(IConfigurationSection section) =>
        [.. Leaves(section).Select(leaf => new PriceLeaf(leaf.Path[(section.Path.Length + 1)..], leaf))];

    /// <summary>False where nobody could choose it, which has then been reported.</summary>
    public bool IsOption(string option, ConfigurationErrors errors)
    {
        if (SectionFields.TextProblem(option, LongestOption) is not { } expected)
            return true;
        errors.AddWithoutValue(Section.Path, $"has a name that is no option: must be {expected}");
        return false;
    }

    private static IEnumerable<IConfigurationSection> Leaves(IConfigurationSection section) =>
        section.GetChildren().SelectMany(child => child.GetChildren().Any() ? Leaves(child) : [child]);
}
