using System.Net;
using MeteringGateway.Configuration;

namespace MeteringGateway.Http.Bounds;

/// <summary>Which proxies stand in front of this gateway: section <c>Proxies</c>.</summary>
internal sealed class ProxiesOptions
{
    public const string Section = "Proxies";

    /// <summary>
    /// The networks whose word on <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> counts. None unless set:
    /// a client that reaches the gateway directly could choose his address, and with it whose bounds he uses up.
    /// </summary>
    public IReadOnlyList<IPNetwork> Known { get; private init; } = [];

    public bool IsKnown(IPAddress address)
    {
        var plain = ClientAddress.Plain(address);
        return Known.Any(network => network.Contains(plain));
    }

    /// <summary>A list in the file; in the environment also one text with commas.</summary>
    public static ProxiesOptions Read(IConfiguration configuration, ConfigurationErrors errors)
    {
        var fields = new SectionFields(configuration.GetSection(Section), errors);
        var known = fields.Field(nameof(Known));
        var texts = known.GetChildren().Any()
            ? [.. known.GetChildren().Select(child => (child.Path, child.Value ?? ""))]
            : (known.Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(text => (known.Path, text)).ToList();
        fields.RefuseOthers();
        var networks = new List<IPNetwork>();
        foreach (var (path, text) in texts)
        {
            if (Network(text) is { } network)
            {
                networks.Add(network);
            }
            else
            {
                errors.Add(path, text, "a network like 10.0.0.0/8 or fd00::/8, or one address");
            }
        }

        return new ProxiesOptions { Known = networks };
    }

    /// <summary>An address alone is a network of one.</summary>
    private static IPNetwork? Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) && !text.Contains('/', StringComparison.Ordinal)
            ? new IPNetwork(ClientAddress.Plain(address), ClientAddress.Plain(address).GetAddressBytes().Length * 8) : null;
}
