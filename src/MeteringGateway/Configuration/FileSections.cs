namespace MeteringGateway.Configuration;

/// <summary>
/// Checks the outermost names of the configuration file. A misspelt section would leave its defaults in force, and a
/// wrong price of a credit looks like any other. Only the file is judged: the environment is full of other programs' names.
/// </summary>
internal static class FileSections
{
    private const string Urls = "Urls";

    private static readonly string[] Known = ["Admin", "ConnectionStrings", "Credits", "Ledger", "ReverseProxy", "Surfaces", Urls];

    public static void Check(GatewayFileProvider file, ConfigurationErrors errors)
    {
        foreach (var name in file.GetChildKeys([], null).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (!Known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                // What is far from any of ours belongs to another part, or to the framework.
                if (NearestName.Of(name, Known) is { } nearest)
                    errors.AddWithoutValue(name, $"is unknown: did you mean {nearest}?");
            }
            else if (file.TryGet(name, out var value) && value is not null && !name.Equals(Urls, StringComparison.OrdinalIgnoreCase))
            {
                // Not shown: whoever writes "Admin": "…" means a token.
                errors.AddWithoutValue(name, "is a single value or an empty list: must be an object { … }");
            }
        }
    }
}
