namespace MeteringGateway.Configuration;

/// <summary>Where HTTP/2 is spoken without TLS: section <c>Http2</c>. With TLS it comes by ALPN on the addresses of all.</summary>
internal sealed class Http2Options
{
    public const string Section = "Http2";

    /// <summary>
    /// Addresses for clients that speak HTTP/2 at once (prior knowledge); none unless set. An address of its own, for without TLS nothing
    /// tells the two protocols apart before the first byte, and HTTP/1.1 is refused there.
    /// </summary>
    public IReadOnlyList<string> Urls { get; set; } = [];

    public static Http2Options Read(IConfiguration configuration, ConfigurationErrors errors)
    {
        var options = OptionsBinder.Bind<Http2Options>(configuration, Section, errors);
        var others = (configuration["Urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(AddressOptions.IsListenAddress).Select(BindingAddress.Parse).ToList();
        foreach (var url in options.Urls)
        {
            if (!AddressOptions.IsListenAddress(url) || BindingAddress.Parse(url) is not { Scheme: "http" } address)
                errors.Add($"{Section}:{nameof(Urls)}", url, "listen addresses like http://127.0.0.1:8081, without TLS, separated by ';'");
            else if (address.Port != 0 && others.Any(other => other.Port == address.Port && other.Host == address.Host))
                errors.Add($"{Section}:{nameof(Urls)}", url, "another address than those of Urls: HTTP/1.1 is not spoken there");
        }
        return options;
    }
}
