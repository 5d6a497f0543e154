using System.Net;
using MeteringGateway.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace MeteringGateway.Http.Edge;

/// <summary>
/// The address under which clients reach this gateway, in everything that it gives out: payment pages, documents, redirects. Never taken
/// from a request: a caller that sends a <c>Host</c> would choose where other people are sent to.
/// </summary>
internal sealed class PublicUrl(IConfiguration configuration, IServer server)
{
    public const string Key = "PublicUrl";
    private const string Urls = "Urls";
    private readonly Lazy<string> _value = new(() => Of(configuration[Key], configuration[Urls] ?? Bound(server)));

    /// <summary>Without a slash at its end; a path may be in it, where the gateway stands below one.</summary>
    public string Value => _value.Value;

    public static void Check(IConfiguration configuration, ConfigurationErrors errors)
    {
        var section = configuration.GetSection(Key);
        if (section.GetChildren().Any())
        {
            errors.AddWithoutValue(Key, "is an object or a list: must be an address like https://api.example.com");
        }
        else if (section.Value is { Length: > 0 } text && !IsAddress(text))
        {
            // What stands before an @ may be a password.
            errors.Add(
                Key, text.Contains('@', StringComparison.Ordinal) ? "…" : text,
                "an address like https://api.example.com, without a user name, a query and a fragment");
        }
    }

    /// <summary>The first of the listen addresses stands in; one that means every interface is no address to go to.</summary>
    internal static string Of(string? configured, string? urls)
    {
        if (!string.IsNullOrWhiteSpace(configured))
        {
            return configured.TrimEnd('/');
        }

        var first = (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
        if (first is null)
        {
            return "http://localhost:8080";
        }

        var listens = BindingAddress.Parse(first);
        var host = listens.Host;
        var isEvery = host is "*" or "+"
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address)
                && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));
        return new UriBuilder(listens.Scheme, isEvery ? "127.0.0.1" : host, listens.Port, listens.PathBase).Uri.AbsoluteUri.TrimEnd('/');
    }

    private static string? Bound(IServer server) => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;
}
