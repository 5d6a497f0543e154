using System.Net;
using System.Net.Sockets;

namespace MeteringGateway.Http.Bounds;

/// <summary>What counts as one client where something is counted by address.</summary>
internal static class ClientAddress
{
    /// <summary>An IPv4 address that came over an IPv6 socket is the same client.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>A client with one IPv6 address has the 2^64 around it. Without an address (a Unix socket) all are one.</summary>
    public static string Subject(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        var plain = Plain(address);
        return plain.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(plain.GetAddressBytes().AsSpan(0, 8))
            : plain.ToString();
    }
}
