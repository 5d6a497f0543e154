using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeteringGateway.Testing;

/// <summary>
/// A provider at the wire: HTTP/1.1 on a raw socket, because what has to be tested is what no well-behaved server does.
/// It answers each request as the script says and keeps all of them.
/// </summary>
public sealed class FakeProvider : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly ConcurrentQueue<ReceivedRequest> _answered = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private TcpListener _listener = new(IPAddress.Loopback, 0);
    private Task _accepting = Task.CompletedTask;

    private FakeProvider(Func<ReceivedRequest, FakeReply> script) => Script = script;

    /// <summary>Asked for each request; may be replaced at any time.</summary>
    public Func<ReceivedRequest, FakeReply> Script { get; set; }
    public int Port { get; private set; }
    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];
    public int Count => _requests.Count;

    /// <summary>The requests that were answered with 2xx and the whole body.</summary>
    public IReadOnlyList<ReceivedRequest> Answered => [.. _answered];

    public static FakeProvider Start(FakeReply reply) => Start(_ => reply);
    public static FakeProvider Start(string json = """{"answer":42}""") => Start(FakeReply.Json(json));

    public static FakeProvider Start(Func<ReceivedRequest, FakeReply> script)
    {
        var provider = new FakeProvider(script);
        provider.Listen();
        return provider;
    }

    /// <summary>From now on connections are refused; open ones go on.</summary>
    public async Task RefuseAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    /// <summary>Listens again on the same port.</summary>
    public void AcceptAgain()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        Listen();
    }

    public Task AwaitCountAsync(int count) =>
        Eventually.TrueAsync(() => Task.FromResult(Count >= count), () => $"{Count} requests came, not {count}");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await RefuseAsync();
        await Task.WhenAll(_connections.Keys);
        _end.Dispose();
    }

    private void Listen()
    {
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start(1024);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(_end.Token);
                var serving = ServeAsync(client);
                _connections[serving] = 0;
                _ = serving.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await Task.Yield();
        using (client)
        {
            client.NoDelay = true;
            try
            {
                var stream = client.GetStream();
                using var reader = new RequestReader(stream);
                while (await reader.ReadAsync(_end.Token) is { } request)
                {
                    _requests.Enqueue(request);
                    var reply = Script(request);
                    await reply.Until.WaitAsync(_end.Token);
                    if (reply.Delay > TimeSpan.Zero)
                    {
                        await Task.Delay(reply.Delay, TimeProvider.System, _end.Token);
                    }

                    if (reply.Reset)
                    {
                        client.LingerState = new LingerOption(true, 0);
                        return;
                    }

                    var goesOn = await SendAsync(stream, reply, request.Method == "HEAD");
                    if (reply is { CutAfter: null, BreaksOff: false } && reply.Status is >= 200 and < 300)
                    {
                        _answered.Enqueue(request);
                    }

                    if (!goesOn)
                    {
                        return;
                    }
                }
            }
            catch (Exception left) when (left is IOException or SocketException or OperationCanceledException)
            {
                // The other side went, or the test is over.
            }
        }
    }

    /// <returns>False when the connection is to be closed.</returns>
    private async Task<bool> SendAsync(NetworkStream stream, FakeReply reply, bool headOnly)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.Status} Scripted\r\n");
        if (reply.ContentType is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {reply.ContentType}\r\n");
        }

        foreach (var (name, value) in reply.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        var bodiless = headOnly || reply.Status is 204 or 304;
        if (!bodiless)
        {
            head.Append(reply switch
            {
                { Unframed: true } => "Connection: close\r\n",
                { Chunked: true } => "Transfer-Encoding: chunked\r\n",
                _ => string.Create(CultureInfo.InvariantCulture, $"Content-Length: {reply.Body.Length}\r\n"),
            });
        }

        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), _end.Token);
        if (bodiless)
        {
            return true;
        }

        if (reply.Pieces.Count > 0)
        {
            return await SendPiecesAsync(stream, reply);
        }

        var body = reply.Body.AsMemory(0, Math.Min(reply.CutAfter ?? reply.Body.Length, reply.Body.Length));
        var step = reply.Drip > TimeSpan.Zero ? 1 : Math.Max(1, body.Length);
        for (var sent = 0; sent < body.Length; sent += step)
        {
            var piece = body.Slice(sent, Math.Min(step, body.Length - sent));
            if (reply.Chunked)
            {
                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes(piece.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), _end.Token);
            }

            await stream.WriteAsync(piece, _end.Token);
            if (reply.Chunked)
            {
                await stream.WriteAsync("\r\n"u8.ToArray(), _end.Token);
            }

            if (reply.Drip > TimeSpan.Zero)
            {
                await Task.Delay(reply.Drip, TimeProvider.System, _end.Token);
            }
        }

        if (reply.CutAfter is not null)
        {
            return false;
        }

        if (reply.Chunked)
        {
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), _end.Token);
        }

        return !reply.Unframed;
    }

    private async Task<bool> SendPiecesAsync(NetworkStream stream, FakeReply reply)
    {
        for (var i = 0; i < reply.Pieces.Count; i++)
        {
            await reply.BeforePiece(i).WaitAsync(_end.Token);
            var size = Encoding.ASCII.GetBytes(reply.Pieces[i].Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
            await stream.WriteAsync((byte[])[.. size, .. reply.Pieces[i], .. "\r\n"u8], _end.Token);
        }

        await reply.BeforePiece(reply.Pieces.Count).WaitAsync(_end.Token);
        if (reply.BreaksOff)
        {
            return false;
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), _end.Token);
        return true;
    }
}
