namespace MeteringGateway.Configuration;

/// <summary>The settings that differ between two configurations, by key. Secrets differ without being shown.</summary>
internal static class SettingsDifference
{
    private const string Unset = "unset";

    public static Dictionary<string, string> Settings(IConfiguration configuration) => configuration.AsEnumerable()
        .Where(setting => setting.Value is not null)
        .ToDictionary(setting => setting.Key, setting => setting.Value!, StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<string> Keys(Dictionary<string, string> before, Dictionary<string, string> after) =>
        [.. before.Keys.Union(after.Keys, StringComparer.OrdinalIgnoreCase)
            .Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key)).Order(StringComparer.OrdinalIgnoreCase)];

    public static string Line(string key, Dictionary<string, string> before, Dictionary<string, string> after) =>
        Redaction.IsSecret(key) ? $"{key} is another (not shown)" : $"{key}: {Shown(before, key)} → {Shown(after, key)}";

    private static string Shown(Dictionary<string, string> settings, string key) =>
        settings.TryGetValue(key, out var value) ? ConfigurationErrors.Shown(value) : Unset;
}
