using System.Globalization;
using System.Text.RegularExpressions;

namespace MeteringGateway.Configuration;

internal sealed record StoreHost(string Name, int Port)
{
    /// <summary>With the brackets that an IPv6 address needs beside a port.</summary>
    public string Text =>
        string.Create(CultureInfo.InvariantCulture, $"{(Name.Contains(':', StringComparison.Ordinal) ? $"[{Name}]" : Name)}:{Port}");
}

/// <summary>
/// The parts of <c>scheme://user:password@host:port,host:port/path?name=value</c>, percent-decoded. The framework's <see cref="Uri"/>
/// takes one host only, and its errors tell the text.
/// </summary>
internal sealed partial record StoreUrl(
    string? User, string? Password, IReadOnlyList<StoreHost> Hosts, string Path, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    /// <summary>Answers the parts, or a problem that tells nothing of the value.</summary>
    public static (StoreUrl? Url, string? Problem) Split(string text, int defaultPort)
    {
        if (BrokenEscape().IsMatch(text))
            return (null, "a '%' in it is not followed by two hexadecimal digits: a '%' itself is written %25");
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var (authority, path, query) = Sections(rest);
        var at = authority.LastIndexOf('@');
        if (at < 0 && (path + query).Contains('@', StringComparison.Ordinal))
            return (null, "an '@' comes after a '/', '?' or '#': in a user name or password those are written %2F, %3F and %23");
        var credentials = at < 0 ? null : authority[..at].Split(':', 2);
        var hosts = new List<StoreHost>();
        foreach (var one in authority[(at + 1)..].Split(','))
        {
            var (host, problem) = Host(one, defaultPort);
            if (host is null)
                return (null, problem);
            hosts.Add(host);
        }
        var parameters = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToArray();
        if (parameters.Any(pair => pair.Length == 1))
            return (null, "what comes after '?' is not name=value, with '&' between");
        var user = credentials is null || credentials[0].Length == 0 ? null : Uri.UnescapeDataString(credentials[0]);
        var password = credentials is { Length: 2 } ? Uri.UnescapeDataString(credentials[1]) : null;
        return (new(user, password, hosts, Uri.UnescapeDataString(path),
            [.. parameters.Select(pair => KeyValuePair.Create(Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair[1])))]), null);
    }

    private static (string Authority, string Path, string Query) Sections(string rest)
    {
        var end = rest.IndexOfAny(['/', '?', '#']);
        if (end < 0)
            return (rest, "", "");
        var query = rest.IndexOf('?', end);
        var path = query < 0 ? rest[end..] : rest[end..query];
        return (rest[..end], path.TrimStart('/'), query < 0 ? "" : rest[(query + 1)..]);
    }

    private static (StoreHost? Host, string? Problem) Host(string text, int defaultPort)
    {
        var form = HostForm().Match(text);
        if (!form.Success)
            return (null, text.Length == 0
                ? "it names no host"
                : "what stands for the host is no host:port ('[…]' around an IPv6 address; '@', ':' and '/' in a password are written "
                    + "%40, %3A and %2F)");
        var name = Uri.UnescapeDataString(form.Groups["six"].Success ? form.Groups["six"].Value : form.Groups["name"].Value);
        if (form.Groups["six"].Success
            && (!System.Net.IPAddress.TryParse(name, out var address)
                || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6))
            return (null, "what stands in '[…]' is no IPv6 address");
        var port = form.Groups["port"].Success ? form.Groups["port"].Value : "";
        if (port.Length == 0)
            return (new(name, defaultPort), null);
        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535
            ? (new(name, number), null)
            : (null, "its port is not from 1 to 65535");
    }

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BrokenEscape();

    [GeneratedRegex(@"^(?:\[(?<six>[^\]]+)\]|(?<name>[A-Za-z0-9._%-]+))(?::(?<port>[^:]*))?\z")]
    private static partial Regex HostForm();
}
