using System.Net;
using MeteringGateway.LocalServers;

namespace MeteringGateway.Console;

/// <summary>What ./run needs to know before anything starts, read the way the gateway itself reads it.</summary>
internal sealed record UpOptions(IConfiguration Configuration, string ConfigFile, IReadOnlyList<Uri> Urls, string Data, bool OwnConfig)
{
    private const string DefaultUrls = "http://127.0.0.1:8080";

    public static UpOptions Read()
    {
        var own = Environment.GetEnvironmentVariable("GATEWAY_CONFIG");
        var file = Path.GetFullPath(string.IsNullOrEmpty(own) ? "config/gateway.json" : own);
        if (!File.Exists(file))
        {
            throw new LocalServerException($"There is no configuration file {file}.");
        }

        IConfiguration configuration;
        try
        {
            configuration = new ConfigurationBuilder().AddJsonFile(file).AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().Build();
        }
        catch (InvalidDataException broken)
        {
            throw new LocalServerException($"{broken.Message} {broken.InnerException?.Message}".Trim());
        }

        var urls = configuration["Urls"] is { Length: > 0 } configured ? configured : DefaultUrls;
        return new UpOptions(configuration, file, [.. urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse)], Path.GetFullPath(".data"), !string.IsNullOrEmpty(own));
    }

    public string UrlList => string.Join(';', Urls.Select(url => url.GetLeftPart(UriPartial.Authority)));

    /// <summary>Where a person on this machine reaches the gateway.</summary>
    public Uri Gateway => IPAddress.TryParse(Urls[0].Host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        ? new UriBuilder(Urls[0]) { Host = "127.0.0.1" }.Uri
        : Urls[0];

    /// <summary>Asked before the stores are started, for a port in use is the likeliest thing to go wrong.</summary>
    public void RefuseTakenPorts()
    {
        foreach (var url in Urls)
        {
            var address = IPAddress.TryParse(url.Host.Trim('[', ']'), out var parsed) ? parsed : IPAddress.Loopback;
            if (!LoopbackPort.IsFree(address, url.Port))
            {
                throw new LocalServerException($"Port {url.Port} is in use by another program: stop it, or choose another one, as in Urls=http://127.0.0.1:{url.Port + 1} ./run");
            }
        }
    }

    private static Uri Parse(string url) =>
        // Kestrel's wildcards are no host names.
        Uri.TryCreate(url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var parsed)
            && parsed.Scheme is "http" or "https"
            ? parsed
            : throw new LocalServerException($"Urls: '{url}' is no listen address; right would be {DefaultUrls}.");
}
