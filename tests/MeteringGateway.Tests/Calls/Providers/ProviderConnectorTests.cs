using System.Net;
using System.Net.Sockets;
using MeteringGateway.Calls.Providers.Connections;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class ProviderConnectorTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TcpListener _good = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _opened = [];

    public ProviderConnectorTests() => _good.Start();

    private int Port => ((IPEndPoint)_good.LocalEndpoint).Port;

    public void Dispose()
    {
        _good.Dispose();
        _opened.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Connect_FirstAddressSwallowsPackets_TheSecondAnswersMeanwhile()
    {
        var silent = await SwallowAsync(IPAddress.Parse("127.0.0.2"));

        Assert.Equal(IPAddress.Loopback, await ConnectAsync([silent, IPAddress.Loopback]));
    }

    [Fact]
    public async Task Connect_AddressesRefuse_TheNextIsTriedAtOnce() =>
        Assert.Equal(
            IPAddress.Loopback,
            await ConnectAsync([.. Enumerable.Range(2, 100).Select(n => IPAddress.Parse($"127.0.1.{n}")), IPAddress.Loopback]));

    [Fact]
    public async Task Connect_IPv6IsNotListening_IPv4Answers() =>
        Assert.Equal(IPAddress.Loopback, await ConnectAsync([IPAddress.IPv6Loopback, IPAddress.Loopback]));

    [Fact]
    public async Task Connect_NoAddressListens_FailsAsTheFirstDid()
    {
        var refused = await Assert.ThrowsAsync<SocketException>(() =>
            ConnectAsync([IPAddress.Parse("127.0.0.3"), IPAddress.Parse("127.0.0.4")]));

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task Connect_NameWithoutAddress_IsNoSuchHost() =>
        Assert.Equal(SocketError.HostNotFound, (await Assert.ThrowsAsync<SocketException>(() => ConnectAsync([]))).SocketErrorCode);

    [Fact]
    public async Task Connect_OnlyAddressSwallowsPackets_EndsWithItsToken()
    {
        var silent = await SwallowAsync(IPAddress.Parse("127.0.0.5"));
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ConnectAsync([silent], patience.Token));
    }

    private async Task<IPAddress> ConnectAsync(IPAddress[] addresses, CancellationToken cancellationToken = default)
    {
        var connector = new ProviderConnector((_, _) => Task.FromResult(addresses), TimeProvider.System);
        using var socket = await connector.ConnectAsync("provider.example", Port, cancellationToken)
            .WaitAsync(s_patience, CancellationToken.None);
        return ((IPEndPoint)socket.RemoteEndPoint!).Address;
    }

    /// <summary>A listener that accepts nothing and whose queue is full: the system drops what knocks then, as a dead host does.</summary>
    private async Task<IPAddress> SwallowAsync(IPAddress address)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _opened.Add(listener);
        listener.Bind(new IPEndPoint(address, Port));
        listener.Listen(1);
        for (var (knocks, unheard) = (0, 0); knocks < 20; knocks++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _opened.Add(client);
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
            try
            {
                await client.ConnectAsync(new IPEndPoint(address, Port), patience.Token);
                unheard = 0;
            }
            catch (OperationCanceledException) when (++unheard < 2)
            {
                // On a busy machine one that is let in may be told too late.
            }
            catch (OperationCanceledException)
            {
                return address;
            }
        }

        throw new InvalidOperationException("The queue of a listener is never full here.");
    }
}
