namespace MeteringGateway.Configuration;

/// <summary>Collects what is wrong, so that an operator sees everything at once instead of one line per start.</summary>
internal sealed class ConfigurationErrors
{
    private const int LongestValue = 100;

    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public bool Any => _lines.Count > 0;

    public void Add(string key, string? value, string expected) => _lines.Add($"{key} is '{Shown(value)}': must be {expected}");

    /// <summary>For secrets, and for what has no single value.</summary>
    public void AddWithoutValue(string key, string problem) => _lines.Add($"{key} {problem}");

    public void Missing(string key, string expected) => _lines.Add($"{key} is missing: must be {expected}");

    /// <summary>The value is not shown: under a misspelt name it may be a secret.</summary>
    public void Unknown(string section, string name, IReadOnlyCollection<string> known)
    {
        var nearest = NearestName.Of(name, known);
        _lines.Add(nearest is null
            ? $"{section}:{name} is unknown: must be one of {string.Join(", ", known)}"
            : $"{section}:{name} is unknown: did you mean {nearest}?");
    }

    public void AddRange(IEnumerable<string> lines) => _lines.AddRange(lines);

    public void ThrowIfAny()
    {
        if (Any)
            throw new ConfigurationException([.. _lines]);
    }

    /// <summary>One line stays one line, whatever the value holds.</summary>
    private static string Shown(string? value)
    {
        value ??= "null";
        if (value.Length > LongestValue)
            value = string.Concat(value.AsSpan(0, LongestValue), "…");
        return string.Concat(value.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));
    }
}
