using System.Net;
using System.Net.Sockets;

namespace MeteringGateway.Accounts.Notices;

/// <summary>Whether an address is on the public internet, by the IANA registries of special-purpose addresses.</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] SpecialV4 = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4");

    /// <summary>
    /// All that is routed on the internet is in here; the exceptions below tunnel to IPv4, where the rules above would be evaded.
    /// </summary>
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] SpecialV6 = Networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(SpecialV4, network => network.Contains(address))
            : GlobalV6.Contains(address) && !Array.Exists(SpecialV6, network => network.Contains(address));
    }

    private static IPNetwork[] Networks(params string[] networks) => [.. networks.Select(IPNetwork.Parse)];
}
