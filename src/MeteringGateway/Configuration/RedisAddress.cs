using System.Globalization;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace MeteringGateway.Configuration;

/// <summary>
/// <c>host:port,host:port,password=…</c>, the client's own form, or <c>redis://user:password@host:port/database</c> (<c>rediss</c>: over
/// TLS). A problem tells nothing of the value: what a client prints of a text that it can't read may be a piece of the password.
/// </summary>
internal static partial class RedisAddress
{
    private static readonly string[] s_keywords =
    [
        "abortConnect", "allowAdmin", "asyncTimeout", "channelPrefix", "checkCertificateRevocation", "configChannel",
        "configCheckSeconds", "connectRetry", "connectTimeout",
        "defaultDatabase", "highIntegrity", "keepAlive", "name", "password", "proxy", "protocol", "resolveDns", "responseTimeout",
        "serviceName", "setlib", "ssl", "sslHost", "sslProtocols",
        "syncTimeout", "tieBreaker", "tunnel", "user", "version", "writeBuffer",
    ];

    /// <summary>Of a text that <see cref="Problem"/> has nothing against.</summary>
    public static ConfigurationOptions Parse(string text) => IsUrl(text) ? OfUrl(text).Options! : ConfigurationOptions.Parse(text);

    public static string? Problem(string text) => IsUrl(text) ? OfUrl(text).Problem : ProblemOfList(text);

    private static bool IsUrl(string text) =>
        text.StartsWith("redis://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("rediss://", StringComparison.OrdinalIgnoreCase);

    private static (ConfigurationOptions? Options, string? Problem) OfUrl(string text)
    {
        var (url, problem) = StoreUrl.Split(text, 6379);
        if (url is null)
            return (null, problem);
        if (url.Parameters.Count > 0)
            return (null, "nothing after '?' is known: options are given in the form host:port,option=value");
        var options = new ConfigurationOptions
        {
            Ssl = text.StartsWith("rediss://", StringComparison.OrdinalIgnoreCase),
            User = url.User,
            Password = url.Password,
        };
        foreach (var host in url.Hosts)
            options.EndPoints.Add(host.Name, host.Port);
        if (url.Path.Length == 0)
            return (options, null);
        if (!int.TryParse(url.Path, NumberStyles.None, CultureInfo.InvariantCulture, out var database))
            return (null, "what comes after '/' is not the number of a database");
        if (database > 0 && url.Hosts.Count > 1)
            return (null, "a Redis Cluster has no database but 0");
        options.DefaultDatabase = database;
        return (options, null);
    }

    private static string? ProblemOfList(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal) && !text.Contains('=', StringComparison.Ordinal))
            return "it begins with a scheme that is neither redis:// nor rediss://";
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            var problem = parts[i].Contains('=', StringComparison.Ordinal) ? ProblemOfOption(parts[i], i + 1) : ProblemOfEndPoint(parts, i);
            if (problem is not null)
                return problem;
        }
        return parts.Any(part => !part.Contains('=', StringComparison.Ordinal) && !part.StartsWith('$')) ? null : "it names no host";
    }

    private static string? ProblemOfOption(string part, int number)
    {
        var name = part.Split('=')[0].Trim();
        var known = s_keywords.FirstOrDefault(keyword => keyword.Equals(name, StringComparison.OrdinalIgnoreCase));
        try
        {
            ConfigurationOptions.Parse("localhost," + part, ignoreUnknown: false);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            return known is null
                ? string.Create(
                    CultureInfo.InvariantCulture, $"the option at place {number} is unknown{ConnectionKeywords.Hint(name, s_keywords)}")
                : $"its option {known} has a value that can't be used";
        }
    }

    /// <summary>The client takes what it can't read as a port for a part of a host's name, and fails when it connects.</summary>
    private static string? ProblemOfEndPoint(string[] parts, int place)
    {
        var part = parts[place];
        if (part.StartsWith('$'))
            return null;
        if (place > 0 && parts[place - 1].StartsWith("password", StringComparison.OrdinalIgnoreCase))
            return "what comes after the password's ',' is no option: a password with ',' must be given as redis://:password@host:port";
        if (part.StartsWith('[') || part.Count(c => c == ':') > 1)
            return string.Create(
                CultureInfo.InvariantCulture, $"place {place + 1} is no host:port; an IPv6 address is given as redis://[::1]:6379");
        return EndPointForm().IsMatch(part) ? null : string.Create(CultureInfo.InvariantCulture, $"place {place + 1} is no host:port");
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]+(:\d{1,5})?\z")]
    private static partial Regex EndPointForm();
}
