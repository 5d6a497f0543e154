using System.Globalization;

namespace MeteringGateway.Configuration;

/// <summary>Reads the fields of one section that no options class describes, remembers which it was asked for, and reports the rest as unknown.</summary>
internal sealed class SectionFields(IConfigurationSection section, ConfigurationErrors errors)
{
    private readonly List<string> _known = [];

    public string Path => section.Path;

    public string? Text(string name)
    {
        var field = Field(name);
        if (field.GetChildren().Any())
            errors.AddWithoutValue(field.Path, "is an object or a list: must be text");
        else if (field.Value is { } value && string.IsNullOrWhiteSpace(value))
            errors.Add(field.Path, value, "some text, or left out");
        else
            return field.Value;
        return null;
    }

    public long? Whole(string name, long least, long most)
    {
        var field = Field(name);
        return field.Value is null && !field.GetChildren().Any() ? null : Whole(field, least, most);
    }

    /// <summary>Answers null when wrong, which has then been reported.</summary>
    public long? Whole(IConfigurationSection field, long least, long most)
    {
        if (ConfigurationValue.TryWhole(field.Value, out var value) && value >= least && value <= most)
            return value;
        errors.Add(field.Path, field.GetChildren().Any() ? "…" : field.Value, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
        return null;
    }

    public TimeSpan? Duration(string name, TimeSpan least, TimeSpan most)
    {
        var field = Field(name);
        if (field.GetChildren().Any())
        {
            errors.AddWithoutValue(field.Path, $"is an object or a list: must be {ConfigurationValue.DurationForm}");
            return null;
        }
        if (field.Value is null)
            return null;
        if (ConfigurationValue.TryDuration(field.Value, out var value) && value >= least && value <= most)
            return value;
        errors.Add(field.Path, field.Value, $"{ConfigurationValue.DurationForm} from {least} to {most}");
        return null;
    }

    /// <summary>The elements of a list; null when the field is absent, or is no list, which has then been reported.</summary>
    public IReadOnlyList<IConfigurationSection>? List(string name)
    {
        var field = Field(name);
        var elements = field.GetChildren().ToArray();
        if (elements.Length == 0)
        {
            // An empty JSON list arrives as empty text.
            if (string.IsNullOrEmpty(field.Value))
                return field.Value is null ? null : [];
            errors.Add(field.Path, field.Value, "a list like [\"…\"]");
            return null;
        }
        if (elements.All(e => ConfigurationValue.TryWhole(e.Key, out _)))
            return elements;
        errors.AddWithoutValue(field.Path, "is an object: must be a list like [\"…\"]");
        return null;
    }

    public IConfigurationSection Field(string name)
    {
        _known.Add(name);
        return section.GetSection(name);
    }

    public bool Has(string name) => section.GetSection(name).Exists();

    /// <summary>Call last: what nobody asked for is a mistake.</summary>
    public void RefuseOthers()
    {
        foreach (var child in section.GetChildren())
        {
            if (!_known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                errors.Unknown(section.Path, child.Key, _known);
        }
    }
}
