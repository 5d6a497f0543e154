using StackExchange.Redis;

namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// The life of the connection to Redis: makes it, counts its breaks, and replaces it after a second of silence. Any number of callers at
/// once.
/// </summary>
internal sealed partial class RedisConnector(ConfigurationOptions configuration, WorkingTime working, ILogger<RedisConnection> logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer?>? _connecting;
    private volatile ConnectionMultiplexer? _multiplexer;
    private long _lastAnswer; // in ticks of working time
    private long _number;

    /// <summary>Whether it was a cluster, at which connection number.</summary>
    private volatile Tuple<long, bool> _kind = new(-1, false);

    /// <summary>The connection, or null before the first one and between two.</summary>
    public ConnectionMultiplexer? Current => _multiplexer;

    /// <summary>Rises whenever a connection broke or was made, or a cluster moved a slot: a new number may mean another Redis.</summary>
    public long Number => Interlocked.Read(ref _number);

    /// <summary>Is the Redis behind the connection a cluster? False while that is not known, and no partition is served then.</summary>
    public bool IsCluster
    {
        get
        {
            var (number, isCluster) = _kind;
            if (number != Number && _multiplexer is { } multiplexer)
            {
                number = Number;
                isCluster = multiplexer.GetServers().Any(server => server.ServerType == ServerType.Cluster);
                _kind = new Tuple<long, bool>(number, isCluster);
            }

            return isCluster;
        }
    }

    /// <summary>
    /// Makes a connection if there is none, one at a time. A caller waits for it no longer than for an answer; null: not yet.
    /// </summary>
    public async Task<ConnectionMultiplexer?> ConnectAsync()
    {
        Task<ConnectionMultiplexer?> connecting;
        lock (_gate)
        {
            if (_multiplexer is { } current)
            {
                return current;
            }

            connecting = _connecting is { IsCompleted: false } underWay ? underWay : _connecting = Task.Run(TryConnectAsync);
        }

        try
        {
            return await connecting.WaitAsync(working.Deadline);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public void NoteAnswer() => Interlocked.Exchange(ref _lastAnswer, working.Elapsed.Ticks);

    /// <summary>Drops the connection after a second of working time without any answer; the next call makes a new one.</summary>
    public void ReplaceIfSilent(ConnectionMultiplexer silent)
    {
        if (_multiplexer != silent || working.Elapsed.Ticks - Interlocked.Read(ref _lastAnswer) < s_silence.Ticks)
        {
            return;
        }

        // The number rises before the connection changes, so a caller that gets the new connection sees the new number.
        Interlocked.Increment(ref _number);
        if (Interlocked.CompareExchange(ref _multiplexer, null, silent) != silent)
        {
            return;
        }

        LogReplaced();
        _ = Task.Run(silent.Dispose);
    }

    public async ValueTask DisposeAsync()
    {
        if (_multiplexer is { } multiplexer)
        {
            await multiplexer.CloseAsync(allowCommandsToComplete: false);
        }
    }

    private async Task<ConnectionMultiplexer?> TryConnectAsync()
    {
        try
        {
            return _multiplexer = await OpenAsync();
        }
        catch (Exception e) when (e is RedisException or TimeoutException or System.Net.Sockets.SocketException or ArgumentException)
        {
            LogNotConnected(e.Message);
            return null;
        }
    }

    private async Task<ConnectionMultiplexer> OpenAsync()
    {
        var options = configuration.Clone();
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2_000;

        // No queue while Redis is away: a queued call would be sent after its caller was told that it failed.
        options.BacklogPolicy = BacklogPolicy.FailFast;

        // Longer than the deadline in working time, which decides: the client's own deadline counts a pause of this process against Redis.
        options.AsyncTimeout = 30_000;
        options.KeepAlive = 10;
        options.ConfigCheckSeconds = 5;
        options.AllowAdmin = true;
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(options);
        multiplexer.ConnectionFailed += (_, _) => Interlocked.Increment(ref _number);
        multiplexer.ConnectionRestored += (_, _) => Interlocked.Increment(ref _number);
        multiplexer.HashSlotMoved += (_, _) => Interlocked.Increment(ref _number);
        Interlocked.Increment(ref _number);
        NoteAnswer();
        return multiplexer;
    }

    [LoggerMessage(LogLevel.Warning, "Redis does not answer; its connection is replaced.")]
    private partial void LogReplaced();

    [LoggerMessage(LogLevel.Warning, "Redis can't be reached: {Reason}")]
    private partial void LogNotConnected(string reason);
}
