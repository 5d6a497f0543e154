using MeteringGateway.Configuration;

namespace MeteringGateway.Sales.Payments;

/// <summary>What the beginning of a payment provider's key says: what it is good for, and whether its money is real.</summary>
internal static class ProviderKey
{
    /// <summary>Null: there is no key, or its beginning says neither.</summary>
    public static bool? IsLive(string? key, string[] live, string[] test) =>
        string.IsNullOrEmpty(key) ? null : StartsWith(key, test) ? false : StartsWith(key, live) ? true : null;

    /// <summary>The key is never shown.</summary>
    public static void Check(
        string section, string? key, string? address, bool? liveMode, string[] live, string[] test, ConfigurationErrors errors)
    {
        if (!string.IsNullOrEmpty(address)
            && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
                && uri.Query.Length == 0 && uri.Fragment.Length == 0))
        {
            errors.Add($"{section}:ApiBase", address, "an address like https://api.example.com");
        }

        if (string.IsNullOrEmpty(key))
        {
            return;
        }

        if (IsLive(key, live, test) is not { } isLive)
        {
            errors.AddWithoutValue(
                $"{section}:ApiKey",
                "has a value that can't be used (not shown): must begin with "
                + string.Join(" or ", live.Concat(test)));
        }
        else if (liveMode is { } mode && mode != isLive)
        {
            errors.AddWithoutValue(
                $"{section}:LiveMode",
                $"is {(mode ? "true" : "false")} and {section}:ApiKey is a key for {(isLive ? "live payments" : "tests")}: "
                + "leave LiveMode out, or set the key of that mode");
        }
    }

    private static bool StartsWith(string key, string[] beginnings) =>
        beginnings.Any(beginning => key.StartsWith(beginning, StringComparison.Ordinal) && key.Length > beginning.Length);
}
