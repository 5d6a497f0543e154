using MeteringGateway.Configuration;

namespace MeteringGateway.Hosting;

/// <summary>
/// Kestrel's section with the addresses of <c>Http2:Urls</c> in it. Kestrel leaves <c>Urls</c> alone as soon as one endpoint is named, so
/// those are named with them, where the section has no endpoints of its own.
/// </summary>
internal static class ListenAddresses
{
    /// <summary>What Kestrel listens on by itself.</summary>
    private const string Default = "http://localhost:5000";

    private const string Endpoints = "Endpoints";

    public static IConfiguration Of(IConfiguration configuration, Http2Options http2)
    {
        var kestrel = configuration.GetSection(FrameworkSections.Kestrel);
        if (http2.Urls.Count == 0)
        {
            return kestrel;
        }

        var added = http2.Urls.SelectMany((url, i) => Endpoint($"http2-{i}", url, "Http2"));
        if (!kestrel.GetSection(Endpoints).GetChildren().Any())
        {
            var urls = (configuration["Urls"] is { Length: > 0 } given ? given : Default)
                .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            added = urls.SelectMany((url, i) => Endpoint($"url-{i}", url, null)).Concat(added);
        }

        return new ConfigurationBuilder().AddConfiguration(kestrel).AddInMemoryCollection(added).Build();
    }

    /// <summary>For the server of <c>Management:Urls</c>: those alone, with the certificates that the section names.</summary>
    public static IConfiguration OfManagement(IConfiguration configuration, ManagementOptions management)
    {
        var kept = configuration.GetSection(FrameworkSections.Kestrel).AsEnumerable(makePathsRelative: true)
            .Where(setting => !setting.Key.StartsWith(Endpoints + ConfigurationPath.KeyDelimiter, StringComparison.OrdinalIgnoreCase));
        return new ConfigurationBuilder()
            .AddInMemoryCollection(kept.Concat(management.Urls.SelectMany((url, i) => Endpoint($"management-{i}", url, null)))).Build();
    }

    private static IEnumerable<KeyValuePair<string, string?>> Endpoint(string name, string url, string? protocols)
    {
        yield return new($"{Endpoints}:{name}:Url", url);
        if (protocols is not null)
        {
            yield return new($"{Endpoints}:{name}:Protocols", protocols);
        }
    }
}
