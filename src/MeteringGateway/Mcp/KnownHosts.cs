using System.Collections.Frozen;
using System.Net;
using MeteringGateway.Configuration;
using MeteringGateway.Http.Edge;
using MeteringGateway.Http.Errors;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Mcp;

/// <summary>
/// Refuses a <c>Host</c> or <c>Origin</c> that is not the gateway's own: a page that a person has open can lead its own name to an address
/// behind his firewall (DNS rebinding), and the protocol asks each server to look. Any number of callers at once.
/// </summary>
internal sealed class KnownHosts(IConfiguration configuration, IOptions<McpOptions> options)
{
    private static readonly Problem s_foreign = Problem.Of(
        ErrorCode.Forbidden,
        "The Host or Origin of the request is not one of this gateway's: those are loopback, the hosts of Urls and PublicUrl, and "
            + "Mcp:AllowedHosts.");

    private readonly bool _isOpen = options.Value.AllowedHosts.Contains("*");
    private readonly string[] _endings =
        [.. options.Value.AllowedHosts.Where(host => host.StartsWith("*.", StringComparison.Ordinal)).Select(host => Plain(host)[1..])];

    private readonly FrozenSet<string> _names =
        options.Value.AllowedHosts.Concat(Own(configuration)).Select(Plain).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null: both are known, or there is no origin, which only browsers send.</summary>
    public Problem? Refuse(HttpRequest request) =>
        IsKnown(request.Host.Host) && (request.Headers.Origin.Count == 0 || IsKnown(HostOf(request.Headers.Origin))) ? null : s_foreign;

    private bool IsKnown(string? host)
    {
        if (string.IsNullOrEmpty(host))
        {
            return false;
        }

        var plain = Plain(host);
        return _isOpen || plain.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(plain, out var address) && IPAddress.IsLoopback(address))
            || _names.Contains(plain)
            || _endings.Any(ending => plain.Length > ending.Length && plain.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    private static string? HostOf(IReadOnlyList<string?> origins) =>
        origins is [{ } one] && Uri.TryCreate(one, UriKind.Absolute, out var uri) ? uri.Host : null;

    /// <summary>Of a wildcard nobody asks by name.</summary>
    private static IEnumerable<string> Own(IConfiguration configuration)
    {
        var listens = (configuration[nameof(AddressOptions.Urls)] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat(Http2Options.Read(configuration, new ConfigurationErrors()).Urls)
            .Concat(configuration.GetSection(FrameworkSections.Kestrel + ":Endpoints").GetChildren().Select(one => one["Url"] ?? ""))
            .Where(AddressOptions.IsListenAddress)
            .Select(url => BindingAddress.Parse(url).Host)
            .Where(host => Plain(host) is not ("*" or "+" or "0.0.0.0" or "::"));
        return Uri.TryCreate(configuration[PublicUrl.Key], UriKind.Absolute, out var given) ? listens.Append(given.Host) : listens;
    }

    /// <summary>A name that ends with a dot is the same one, written whole.</summary>
    private static string Plain(string host)
    {
        var plain = host.Trim('[', ']');
        return plain.EndsWith('.') ? plain[..^1] : plain;
    }
}
