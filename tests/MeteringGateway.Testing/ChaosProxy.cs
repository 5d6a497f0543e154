using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MeteringGateway.Testing;

public enum ProxyMode
{
    Pass,

    /// <summary>Nothing moves in either direction. What was sent meanwhile arrives when it ends, as TCP's retransmissions do.</summary>
    BlackHole,

    /// <summary>Requests arrive, replies are lost; the connections that lost one are reset when it ends.</summary>
    DropReplies,

    /// <summary>A connection is reset when its next reply comes: the request was carried out and nobody is told.</summary>
    CutOnReply,

    /// <summary>New connections are reset at once; open ones go on.</summary>
    Refuse,
}

/// <summary>A cutting TCP proxy between the gateway and whatever it talks to. Its mode may change at any time.</summary>
public sealed class ChaosProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Link, Task> _links = new();
    private volatile int _target;
    private readonly Lock _gate = new();
    private TaskCompletionSource _open = Opened();
    private Task _accepting = Task.CompletedTask;
    private ProxyMode _mode;
    private long _cutAfter = long.MaxValue;

    private ChaosProxy(int target) => _target = target;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Added to each piece in each direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How many connections were reset because of the mode.</summary>
    public int Cuts { get; private set; }

    public static ChaosProxy Start(int target)
    {
        var proxy = new ChaosProxy(target);
        proxy._listener.Start(512);
        proxy._accepting = proxy.AcceptAsync();
        return proxy;
    }

    public void Set(ProxyMode mode)
    {
        lock (_gate)
        {
            var before = _mode;
            _mode = mode;
            if (mode == ProxyMode.BlackHole && before != ProxyMode.BlackHole)
            {
                _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            else if (mode != ProxyMode.BlackHole)
            {
                _open.TrySetResult();
            }
        }

        foreach (var link in _links.Keys.Where(link => link.LostReply))
        {
            link.Reset();
        }
    }

    /// <summary>The connection that brings the replies past so many bytes more is reset in the middle of one. Once.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref _cutAfter, bytes);

    /// <summary>From now on it leads to another server, as an address does after a failover.</summary>
    /// <param name="target">The other server's port.</param>
    /// <param name="keepOpen">What was open stays with the server before; else it is reset.</param>
    public void LeadTo(int target, bool keepOpen = false)
    {
        _target = target;
        if (!keepOpen)
        {
            ResetAll();
        }
    }

    /// <summary>Resets every connection that is open now.</summary>
    public void ResetAll()
    {
        foreach (var link in _links.Keys)
        {
            link.Reset();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Set(ProxyMode.Pass);
        ResetAll();
        await _accepting;
        await Task.WhenAll(_links.Values);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                var link = new Link(client);
                var serving = Task.Run(() => ServeAsync(link));
                _links[link] = serving;
                _ = serving.ContinueWith(_ => _links.TryRemove(link, out Task? _), TaskScheduler.Default);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The proxy was disposed.
        }
    }

    private async Task ServeAsync(Link link)
    {
        try
        {
            if (_mode == ProxyMode.Refuse)
            {
                link.Reset();
                return;
            }

            await _open.Task.WaitAsync(_end.Token);
            await link.Server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            await Task.WhenAny(
                PumpAsync(link, link.Client, link.Server, isReply: false),
                PumpAsync(link, link.Server, link.Client, isReply: true));
        }
        catch (Exception gone) when (gone
            is SocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One side went: so does the other.
        }
        finally
        {
            link.Reset();
        }
    }

    private async Task PumpAsync(Link link, TcpClient from, TcpClient to, bool isReply)
    {
        var buffer = new byte[32 * 1024];
        while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var count)
        {
            await _open.Task.WaitAsync(_end.Token);
            if (Delay > TimeSpan.Zero)
            {
                await Task.Delay(Delay, TimeProvider.System, _end.Token);
            }

            if (isReply && _mode == ProxyMode.DropReplies)
            {
                link.LostReply = true;
            }

            if (isReply && (_mode == ProxyMode.CutOnReply || Interlocked.Add(ref _cutAfter, -count) < 0))
            {
                Interlocked.Exchange(ref _cutAfter, long.MaxValue);
                Cuts++;
                link.Reset();
                return;
            }

            if (!link.LostReply || !isReply)
            {
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _end.Token);
            }
        }
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open.SetResult();
        return open;
    }

    private sealed class Link
    {
        public Link(TcpClient client)
        {
            Client = client;
            Client.NoDelay = Server.NoDelay = true;
        }

        public TcpClient Client { get; }
        public TcpClient Server { get; } = new(AddressFamily.InterNetwork);
        public bool LostReply { get; set; }

        public void Reset()
        {
            foreach (var side in new[] { Client, Server })
            {
                try
                {
                    // Linger 0 sends RST: what is on its way is lost, as when a machine dies.
                    side.LingerState = new LingerOption(true, 0);
                }
                catch (Exception gone) when (gone is SocketException or ObjectDisposedException or NullReferenceException)
                {
                    // Closed already.
                }

                side.Dispose();
            }
        }
    }
}
