using System.Globalization;

namespace MeteringGateway.Configuration;

/// <summary>
/// What a section may hold that somebody else's code reads: which names, at which depth, with values of which form. Their readers take
/// what they know and are silent about the rest.
/// </summary>
internal sealed record ConfigurationShape
{
    public const string NoObject = "is a single value or an empty list: must be an object { … }";

    /// <summary>By name; empty: this is a value.</summary>
    public IReadOnlyDictionary<string, ConfigurationShape> Fields { get; init; } = new Dictionary<string, ConfigurationShape>();

    /// <summary>Names are free, each with this behind it.</summary>
    public ConfigurationShape? Each { get; init; }

    /// <summary>Of a value: null where the text fits, else what would be right.</summary>
    public Func<string, string?> Judge { get; init; } = _ => null;

    /// <summary>Of a value: a list of such is taken, too.</summary>
    public bool IsList { get; init; }

    private bool IsValue => Fields.Count == 0 && Each is null;

    public static ConfigurationShape Object(params (string Name, ConfigurationShape Shape)[] fields) =>
        new() { Fields = fields.ToDictionary(field => field.Name, field => field.Shape, StringComparer.OrdinalIgnoreCase) };

    public static ConfigurationShape Named(ConfigurationShape each) => new() { Each = each };

    public static ConfigurationShape Value(Type type) => new() { Judge = text => ConfigurationValue.Read(type, text, out _) };

    public static ConfigurationShape Text { get; } = new();

    public static ConfigurationShape Whole(long least, long most) => new()
    {
        Judge = text => ConfigurationValue.TryWhole(text, out var value) && value >= least && value <= most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
    };

    public static ConfigurationShape OneOf(params string[] names) => new()
    {
        Judge = text => names.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : $"one of {string.Join(", ", names)}",
    };

    public static ConfigurationShape OneOf<T>()
        where T : struct, Enum => OneOf(Enum.GetNames<T>());

    public ConfigurationShape AsList() => this with { IsList = true };

    public void Check(IConfigurationSection section, ConfigurationErrors errors)
    {
        var children = section.GetChildren().ToArray();
        if (IsValue)
            CheckValue(section, children, errors);
        else if (section.Value is not null && children.Length == 0)
            errors.AddWithoutValue(section.Path, NoObject);
        else
            CheckFields(section, children, errors);
    }

    private void CheckFields(IConfigurationSection section, IConfigurationSection[] children, ConfigurationErrors errors)
    {
        foreach (var child in children)
        {
            if ((Fields.GetValueOrDefault(child.Key) ?? Each) is { } shape)
                shape.Check(child, errors);
            else
                errors.Unknown(section.Path, child.Key, [.. Fields.Keys]);
        }
    }

    private void CheckValue(IConfigurationSection section, IConfigurationSection[] children, ConfigurationErrors errors)
    {
        if (children.Length > 0)
        {
            if (IsList && children.All(child => ConfigurationValue.TryWhole(child.Key, out _)))
                Array.ForEach(children, child => CheckValue(child, [.. child.GetChildren()], errors));
            else
                errors.AddWithoutValue(
                    section.Path, $"is an object or a list: must be {(IsList ? "a list like [\"…\"]" : "a single value")}");
        }
        else if (section.Value is { } value && !(IsList && value.Length == 0) && Judge(value) is { } expected)
        {
            errors.Add(section.Path, value, expected);
        }
    }
}
