using System.Globalization;

namespace MeteringGateway.Configuration;

/// <summary>
/// Reads the fields of one section that no options class describes, remembers which it was asked for, and reports the rest as unknown.
/// </summary>
internal sealed class SectionFields(IConfigurationSection section, ConfigurationErrors errors)
{
    private readonly List<string> _known = [];

    public string Path => section.Path;

    /// <summary>
    /// Text that may end in an entry of the ledger, in a header or in a log: PostgreSQL stores no U+0000, and nobody reads
    /// the other control characters.
    /// </summary>
    public string? Text(string name, int most = 2000)
    {
        var field = Field(name);
        if (field.GetChildren().Any())
            errors.AddWithoutValue(field.Path, "is an object or a list: must be text");
        else if (field.Value is { } value && string.IsNullOrWhiteSpace(value))
            errors.Add(field.Path, value, "some text, or left out");
        else if (field.Value is { } text && TextProblem(text, most) is { } expected)
            errors.Add(field.Path, text, expected);
        else
            return field.Value;
        return null;
    }

    /// <summary>Null where <paramref name="text"/> can be stored, else what would be right.</summary>
    public static string? TextProblem(string text, int most) =>
        text.Length > most ? string.Create(CultureInfo.InvariantCulture, $"at most {most} characters long")
        : text.Any(char.IsControl) ? "text without control characters"
        : IsUnicode(text) ? null : "text without halves of surrogate pairs";

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
        errors.Add(
            field.Path, field.GetChildren().Any() ? "…" : field.Value,
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
        return null;
    }

    /// <summary>Answers null where it is absent or wrong, which has then been reported.</summary>
    public bool? Truth(string name)
    {
        var field = Field(name);
        var isList = field.GetChildren().Any();
        if (isList || (field.Value is not null && !bool.TryParse(field.Value, out _)))
            errors.Add(field.Path, isList ? "…" : field.Value, "true or false");
        return bool.TryParse(field.Value, out var truth) ? truth : null;
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

    private static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i++ + 1])))
                return false;
        }
        return true;
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
