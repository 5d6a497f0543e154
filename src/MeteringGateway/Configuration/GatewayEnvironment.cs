using System.Collections;

namespace MeteringGateway.Configuration;

/// <summary>
/// The variables of the environment that are ours: those with <c>__</c> or <c>:</c> whose first part is a section of ours, and the single
/// names like <c>Urls</c>. The framework's provider takes all that a machine has, so that <c>ADMIN=joe</c> would be a section's value.
/// </summary>
internal sealed class GatewayEnvironment(IDictionary variables) : ConfigurationProvider, IConfigurationSource
{
    /// <summary>A name as short as this is near too many others, unless it begins alike.</summary>
    private const int Short = 6;

    private readonly List<string> _others = [];
    private readonly List<string> _twice = [];

    public GatewayEnvironment()
        : this(Environment.GetEnvironmentVariables())
    {
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load()
    {
        // A reload loads this provider again, while the configuration that is in force reads it.
        _others.Clear();
        _twice.Clear();
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in variables)
        {
            var name = (string)variable.Key;
            var key = name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
            var isSection = key.Contains(':', StringComparison.Ordinal);
            if (!(isSection ? SectionNames.Outermost : SectionNames.Scalars).Contains(key.Split(':')[0], StringComparer.OrdinalIgnoreCase))
            {
                if (isSection)
                    _others.Add(name);
                continue;
            }
            if (!names.TryAdd(key, name))
                _twice.Add($"{names[key]} and {name} are two variables of the environment for one setting: must be one");
            data[key] = (string?)variable.Value;
        }
        Data = data;
    }

    /// <summary>
    /// Refuses names that were meant to be ours. A name is held to be ours where its first part is near a section and, with that section's
    /// name in its place, the readers know the rest or find it near what they know. All other names are other programs'.
    /// </summary>
    public void Check(Action<IConfiguration, ConfigurationErrors> readers, ConfigurationErrors errors)
    {
        errors.AddRange(_twice);
        foreach (var name in _others.Order(StringComparer.Ordinal))
        {
            var parts = name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal).Split(':', 2);
            if (Nearest(parts[0]) is { } nearest && IsRead($"{nearest}:{parts[1]}", readers))
                errors.AddWithoutValue(
                    name,
                    $"(a variable of the environment) is unknown: did you mean {nearest}__{name[parts[0].Length..].TrimStart('_', ':')}?");
        }
    }

    private static string? Nearest(string name) => NearestName.Of(name, SectionNames.Outermost) is { } nearest
        && (name.Length >= Short || char.ToUpperInvariant(name[0]) == char.ToUpperInvariant(nearest[0])) ? nearest : null;

    private static bool IsRead(string key, Action<IConfiguration, ConfigurationErrors> readers)
    {
        var errors = new ConfigurationErrors();
        readers(new ConfigurationBuilder().AddInMemoryCollection([new(key, "x")]).Build(), errors);
        return errors.Names.Unknown == errors.Names.Near
            && !errors.Lines.Any(line => line.EndsWith(ConfigurationShape.NoObject, StringComparison.Ordinal));
    }
}
