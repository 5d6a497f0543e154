namespace MeteringGateway.Configuration;

/// <summary>
/// The outermost names of the configuration, and those between them and the sections that options classes read (<c>Payments</c> above
/// <c>Payments:Stripe</c>). A misspelt section would leave its defaults in force, and a wrong price of a credit looks like any other.
/// </summary>
internal static class SectionNames
{
    /// <summary>Sections that no options class describes: each has a reader of its own, which knows its names at every depth.</summary>
    private static readonly string[] s_ownReaders = ["Surfaces", "ReverseProxy", FrameworkSections.Logging, FrameworkSections.Kestrel];

    /// <summary>Single values at the outside that nobody reads, in files that editors and templates make.</summary>
    private static readonly string[] s_tolerated = ["$schema", FrameworkSections.AllowedHosts];

    private static readonly string[] s_paths =
        [.. OptionsSection.All.Select(section => section.Path).Where(path => path.Length > 0), .. s_ownReaders];

    /// <summary>Single values at the outside, like <c>Urls</c>.</summary>
    public static readonly IReadOnlyList<string> Scalars =
        [.. OptionsSection.All.Where(section => section.Path.Length == 0).SelectMany(section => section.Properties)
            .Select(property => property.Name)];

    public static readonly IReadOnlyList<string> Outermost =
        [.. s_paths.Select(path => path.Split(':')[0]).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A section, or what lies above one.</summary>
    public static bool IsSection(string path) => s_paths.Any(known =>
        known.Equals(path, StringComparison.OrdinalIgnoreCase) || known.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase));

    /// <summary>The names of sections directly within <paramref name="path"/>.</summary>
    public static IEnumerable<string> Below(string path) => s_paths
        .Where(known => known.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase))
        .Select(known => known[(path.Length + 1)..].Split(':')[0]).Distinct();

    public static void Check(IConfiguration configuration, ConfigurationErrors errors)
    {
        foreach (var child in configuration.GetChildren())
        {
            if (Outermost.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                CheckSection(child, errors);
            else if (!Scalars.Concat(s_tolerated).Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                errors.Unknown("", child.Key, [.. Outermost, .. Scalars]);
        }
    }

    private static void CheckSection(IConfigurationSection section, ConfigurationErrors errors)
    {
        // The reader of the section says so itself.
        if (OptionsSection.All.Any(read => read.Path.Equals(section.Path, StringComparison.OrdinalIgnoreCase)))
            return;

        // Not shown: "Payments": "…" is meant to be a secret.
        if (section.Value is not null)
            errors.AddWithoutValue(section.Path, ConfigurationShape.NoObject);
        if (s_ownReaders.Contains(section.Path, StringComparer.OrdinalIgnoreCase))
            return;
        foreach (var child in section.GetChildren())
        {
            if (IsSection(child.Path))
                CheckSection(child, errors);
            else
                errors.Unknown(section.Path, child.Key, [.. Below(section.Path)]);
        }
    }
}
