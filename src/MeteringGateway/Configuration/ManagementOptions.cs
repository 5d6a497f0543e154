using System.Net;

namespace MeteringGateway.Configuration;

/// <summary>Where what is for operators is served: section <c>Management</c>.</summary>
internal sealed class ManagementOptions
{
    public const string Section = "Management";

    /// <summary>
    /// Listen addresses for <c>/metrics</c>, <c>/admin</c>, <c>/docs</c>, <c>/openapi</c>, <c>/healthz</c> and <c>/readyz</c>, which are
    /// then found nowhere else. None unless set: they stand beside the calls, for a first try is on one address.
    /// </summary>
    public IReadOnlyList<string> Urls { get; set; } = [];

    public static ManagementOptions Read(IConfiguration configuration, ConfigurationErrors errors)
    {
        const string key = $"{Section}:{nameof(Urls)}";
        var options = OptionsBinder.Bind<ManagementOptions>(configuration, Section, errors);
        var taken = Others(configuration).Where(other => AddressOptions.IsListenAddress(other.Url)).ToList();
        foreach (var url in options.Urls)
        {
            if (!AddressOptions.IsListenAddress(url) || BindingAddress.Parse(url) is not { PathBase: "" } address)
            {
                errors.Add(key, url, "listen addresses like http://127.0.0.1:9464, separated by ';'");
                continue;
            }

            if (taken.FirstOrDefault(other => Overlap(address, BindingAddress.Parse(other.Url))) is { Url: { } same } clash)
            {
                errors.Add(key, url, $"another address than {same} of {clash.Key}: the address alone tells what a connection is for");
            }

            if (address.Scheme == Uri.UriSchemeHttps && !configuration.GetSection(DefaultCertificate).GetChildren().Any())
            {
                errors.Add(key, url, $"an http address, or {DefaultCertificate} must name the certificate");
            }

            taken.Add((key, url));
        }

        return options;
    }

    private const string DefaultCertificate = FrameworkSections.Kestrel + ":Certificates:Default";

    private static IEnumerable<(string Key, string Url)> Others(IConfiguration configuration) =>
    [
        .. Listed(configuration, "Urls"), .. Listed(configuration, $"{Http2Options.Section}:Urls"),
        .. configuration.GetSection(FrameworkSections.Kestrel + ":Endpoints").GetChildren()
            .Select(endpoint => (endpoint.Path + ":Url", endpoint["Url"] ?? "")),
    ];

    private static IEnumerable<(string Key, string Url)> Listed(IConfiguration configuration, string key) =>
        configuration.GetSection(key).GetChildren().Select(child => child.Value ?? "").Append(configuration[key] ?? "")
            .SelectMany(text => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(url => (key, url));

    /// <summary>One port on one host, where a wildcard is every host and a name that this does not look up is none of the others.</summary>
    private static bool Overlap(BindingAddress one, BindingAddress other) =>
        one.Port != 0 && one.Port == other.Port
        && (IsEvery(one.Host) || IsEvery(other.Host) || Plain(one.Host).Equals(Plain(other.Host), StringComparison.OrdinalIgnoreCase));

    /// <summary>What is neither an address nor <c>localhost</c> is every interface to Kestrel.</summary>
    private static bool IsEvery(string host) => Plain(host) is var plain && !plain.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        && (!IPAddress.TryParse(plain, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static string Plain(string host) => host.Trim('[', ']') is "127.0.0.1" or "::1" ? "localhost" : host.Trim('[', ']');
}
