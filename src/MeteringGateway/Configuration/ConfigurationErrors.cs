namespace MeteringGateway.Configuration;

/// <summary>
/// Collects what is wrong, so that an operator sees everything at once instead of one line per start. No line holds a secret.
/// </summary>
internal sealed class ConfigurationErrors
{
    private const int LongestValue = 100;

    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public bool Any => _lines.Count > 0;

    /// <summary>How many names nobody reads, and how many of those are near one that somebody does.</summary>
    public (int Unknown, int Near) Names { get; private set; }

    public void Add(string key, string? value, string expected) => _lines.Add(Redaction.IsSecret(key)
        ? $"{Shown(key)} has a value that can't be used (not shown): must be {expected}"
        : $"{Shown(key)} is '{Shown(value)}': must be {expected}");

    /// <summary>For secrets, and for what has no single value.</summary>
    public void AddWithoutValue(string key, string problem) => _lines.Add($"{Shown(key)} {problem}");

    public void Missing(string key, string expected) => _lines.Add($"{key} is missing: must be {expected}");

    /// <summary>The value is not shown: under a misspelt name it may be a secret.</summary>
    public void Unknown(string section, string name, IReadOnlyCollection<string> known)
    {
        var nearest = NearestName.Of(name, known);
        Names = (Names.Unknown + 1, Names.Near + (nearest is null ? 0 : 1));
        var path = Shown(section.Length == 0 ? name : $"{section}:{name}");
        _lines.Add(nearest is null
            ? $"{path} is unknown: must be one of {string.Join(", ", known)}"
            : $"{path} is unknown: did you mean {nearest}?");
    }

    public void AddRange(IEnumerable<string> lines) => _lines.AddRange(lines);

    public void ThrowIfAny()
    {
        if (Any)
            throw new ConfigurationException([.. _lines]);
    }

    /// <summary>One line stays one line, whatever the value holds.</summary>
    public static string Shown(string? value)
    {
        value = value is null ? "null" : Redaction.Of(value);
        if (value.Length > LongestValue)
            value = string.Concat(value.AsSpan(0, LongestValue), "…");
        return string.Concat(value.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));
    }
}
