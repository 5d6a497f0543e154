using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Accounts.Notices;

/// <summary>
/// Decides where webhooks may go. Asked when a URL is set, so that its owner learns of it, and again on every connect,
/// because a name may lead elsewhere by then.
/// </summary>
internal sealed class WebhookTarget(IOptions<NoticesOptions> options)
{
    public const int MaxUrl = 2000;

    /// <summary>DNS's own bound on a name; the look-up throws for a longer one.</summary>
    private const int LongestHost = 253;

    /// <summary>Null when it may be set, else what is wrong with it.</summary>
    public async Task<string?> RefusalAsync(string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var target) || target.Scheme is not ("http" or "https")
            || target.UserInfo.Length > 0 || target.Fragment.Length > 0)
        {
            return "must be a URL like https://example.com/hook, without a user name and without '#'";
        }

        if (target.Scheme == "http" && !options.Value.AllowPrivateTargets)
        {
            return "must begin with https://";
        }

        try
        {
            return (await ResolveAsync(target.IdnHost, cancellationToken)).Count > 0 ? null : "must lead to a public address";
        }
        catch (SocketException)
        {
            return $"names a host that can't be found: {Shown(target.Host)}";
        }
    }

    /// <summary>
    /// For <see cref="SocketsHttpHandler.ConnectCallback"/>: connects to what was checked, not to what a second look-up would say.
    /// </summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(context.DnsEndPoint.Host, cancellationToken);
        if (addresses.Count == 0)
        {
            throw new HttpRequestException("The host has no public address.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync([.. addresses], context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The addresses that may be used; none as soon as one of them may not: a name with both kinds is made to slip through.
    /// </summary>
    private async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
        {
            // The look-up throws for "any address", which is nobody's.
            return !literal.Equals(IPAddress.Any) && !literal.Equals(IPAddress.IPv6Any) && IsAllowed(literal) ? [literal] : [];
        }

        if (host.Length > LongestHost)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        return Array.TrueForAll(addresses, IsAllowed) ? addresses : [];
    }

    private bool IsAllowed(IPAddress address) => options.Value.AllowPrivateTargets || PublicAddress.Is(address);

    private static string Shown(string host) => host.Length <= 64 ? host : host[..64] + "…";
}
