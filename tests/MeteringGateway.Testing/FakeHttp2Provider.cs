using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeteringGateway.Testing;

/// <summary>
/// A provider at the wire that speaks HTTP/2 with prior knowledge, frame by frame: it ends its connections after so many
/// requests as nginx does (GOAWAY that names the last request it will answer), refuses streams, or falls silent, pings included.
/// What is in a request's headers it does not look at.
/// </summary>
public sealed class FakeHttp2Provider : IAsyncDisposable
{
    private const byte Data = 0, Headers = 1, RstStream = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8;
    private const byte EndStream = 1, Ack = 1, EndHeaders = 4;
    private const int PrefaceBytes = 24;

    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly ConcurrentQueue<string> _bodies = new();
    private Task _accepting = Task.CompletedTask;
    private int _opened;
    private int _refuse;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>After so many requests a connection says GOAWAY and answers none that comes later; 0: never.</summary>
    public int RequestsPerConnection { get; set; }

    /// <summary>From now on nothing is answered on the connections that are open; new ones are served.</summary>
    public void FallSilent() => Interlocked.Exchange(ref _silentUpTo, Volatile.Read(ref _opened));

    private int _silentUpTo;

    /// <summary>What is answered, a frame each; null: a small JSON answer.</summary>
    public IReadOnlyList<string>? Events { get; set; }

    /// <summary>
    /// In place of the end of <see cref="Events"/>, once this is completed: RST_STREAM with INTERNAL_ERROR, on a connection that stays. Who
    /// is told at once may drop what came before it unread. Null: they end.
    /// </summary>
    public Task? ResetAfter { get; set; }

    /// <summary>The bodies of the requests that were answered.</summary>
    public IReadOnlyList<string> Bodies => [.. _bodies];

    public int Connections => Volatile.Read(ref _opened);

    public static FakeHttp2Provider Start()
    {
        var provider = new FakeHttp2Provider();
        provider._listener.Start();
        provider._accepting = provider.AcceptAsync();
        return provider;
    }

    /// <summary>The next requests are refused before they are processed: RST_STREAM with REFUSED_STREAM.</summary>
    public void RefuseNext(int requests) => Interlocked.Exchange(ref _refuse, requests);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                var serving = Task.Run(() => ServeAsync(client, Interlocked.Increment(ref _opened)));
                _connections[serving] = 0;
                _ = serving.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The provider was disposed.
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        using (client)
        {
            client.NoDelay = true;
            var connection = new Connection(client.GetStream(), number);
            try
            {
                await connection.Stream.ReadExactlyAsync(new byte[PrefaceBytes], _end.Token);
                await connection.SendAsync(Settings, 0, 0, [], _end.Token);
                while (true)
                {
                    await TakeFrameAsync(connection);
                }
            }
            catch (Exception left) when (left is IOException or SocketException or OperationCanceledException or EndOfStreamException)
            {
                // The other side went, or the test is over.
            }
        }
    }

    private async Task TakeFrameAsync(Connection connection)
    {
        var head = new byte[9];
        await connection.Stream.ReadExactlyAsync(head, _end.Token);
        var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
        await connection.Stream.ReadExactlyAsync(payload, _end.Token);
        var (type, flags, stream) = (head[3], head[4], (int)BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(5)) & int.MaxValue);
        if (connection.Number <= Volatile.Read(ref _silentUpTo))
        {
            return;
        }

        switch (type)
        {
            case Settings when (flags & Ack) == 0:
                await connection.SendAsync(Settings, Ack, 0, [], _end.Token);
                break;
            case Ping when (flags & Ack) == 0:
                await connection.SendAsync(Ping, Ack, 0, payload, _end.Token);
                break;
            case Headers:
                await BeginAsync(connection, stream);
                break;
            case Data:
                await TakeDataAsync(connection, stream, payload, (flags & EndStream) != 0);
                break;
            default:
                break;
        }
    }

    private async Task BeginAsync(Connection connection, int stream)
    {
        if (Interlocked.Decrement(ref _refuse) >= 0)
        {
            await connection.SendAsync(RstStream, 0, stream, [0, 0, 0, 7], _end.Token);
            return;
        }

        if (connection.LastStream > 0)
        {
            // Later than the one that GOAWAY named as the last: not processed, and nobody is told again.
            return;
        }

        connection.Requests[stream] = new StringBuilder();
        if (++connection.Begun == RequestsPerConnection)
        {
            connection.LastStream = stream;
            var goAway = new byte[8];
            BinaryPrimitives.WriteInt32BigEndian(goAway, stream);
            await connection.SendAsync(GoAway, 0, 0, goAway, _end.Token);
        }
    }

    private async Task TakeDataAsync(Connection connection, int stream, byte[] payload, bool isLast)
    {
        if (payload.Length > 0)
        {
            var increment = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(increment, payload.Length);
            await connection.SendAsync(WindowUpdate, 0, 0, increment, _end.Token);
        }

        if (!connection.Requests.TryGetValue(stream, out var body))
        {
            return;
        }

        body.Append(Encoding.UTF8.GetString(payload));
        if (isLast)
        {
            connection.Requests.Remove(stream);
            _bodies.Enqueue(body.ToString());

            await AnswerAsync(connection, stream);
        }
    }

    private async Task AnswerAsync(Connection connection, int stream)
    {
        // HPACK: 0x88 is ":status: 200"; 0x0F 0x10 a literal without indexing, whose name is the 31st of the static table, content-type.
        var type = Encoding.ASCII.GetBytes(Events is null ? "application/json" : "text/event-stream");
        byte[] headers = [0x88, 0x0F, 0x10, (byte)type.Length, .. type];
        await connection.SendAsync(Headers, EndHeaders, stream, headers, _end.Token);
        var pieces = Events ?? ["""{"from":"http2"}"""];
        for (var i = 0; i < pieces.Count; i++)
        {
            var flags = i == pieces.Count - 1 && ResetAfter is null ? EndStream : (byte)0;
            await connection.SendAsync(Data, flags, stream, Encoding.UTF8.GetBytes(pieces[i]), _end.Token);
        }

        if (ResetAfter is { } told)
        {
            await told.WaitAsync(_end.Token);
            await connection.SendAsync(RstStream, 0, stream, [0, 0, 0, 2], _end.Token);
        }
    }

    private sealed class Connection(NetworkStream stream, int number)
    {
        public NetworkStream Stream => stream;
        public int Number => number;
        public Dictionary<int, StringBuilder> Requests { get; } = [];
        public int Begun { get; set; }
        public int LastStream { get; set; }

        public async Task SendAsync(byte type, byte flags, int streamId, byte[] payload, CancellationToken cancellationToken)
        {
            var frame = new byte[9 + payload.Length];
            (frame[0], frame[1], frame[2], frame[3], frame[4]) = (
                (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags);
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), streamId);
            payload.CopyTo(frame, 9);
            await stream.WriteAsync(frame, cancellationToken);
        }
    }
}
