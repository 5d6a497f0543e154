using System.Collections.Frozen;
using MeteringGateway.Ledger.Background;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// The one place that talks to Redis. Any number of callers at once.
/// What it adds to StackExchange.Redis:
/// <list type="bullet">
/// <item>a deadline in <see cref="WorkingTime"/>: the client's own is wall-clock time, looked at once a second;</item>
/// <item>an answer to the question whether a call that failed may have run (<see cref="ReplyOutcome"/>);</item>
/// <item>a new connection after a second of silence (<see cref="ReplaceIfSilent"/>): the client waits for several of its time-outs;</item>
/// <item>no queue while Redis is away: a call that waits there would be sent after its caller was told that it failed.</item>
/// </list>
/// </summary>
internal sealed partial class RedisConnection : IAsyncDisposable
{
    /// <summary>An answer takes well under a millisecond; past this the caller is better served by a refusal.</summary>
    public static readonly TimeSpan CallDeadline = TimeSpan.FromMilliseconds(800);

    /// <summary>More calls than this in flight means that Redis is stuck; new ones are refused rather than queued.</summary>
    private const int MaxInFlight = 16_384;

    /// <summary>What Redis refuses a script's first write with, and none after it: such a script has written nothing.</summary>
    private static readonly FrozenSet<string> s_beforeTheFirstWrite = FrozenSet.Create(
        StringComparer.Ordinal, "OOM", "MISCONF", "NOREPLICAS", "READONLY");

    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(1);

    private readonly ConfigurationOptions _configuration;
    private readonly WorkingTime _working;
    private readonly ILogger<RedisConnection> _logger;
    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer?>? _connecting;
    private volatile ConnectionMultiplexer? _multiplexer;
    private long _lastAnswer; // in ticks of working time
    private long _connectionNumber;
    private int _inFlight;

    /// <param name="configuration">The connection string, in the client's own form.</param>
    /// <param name="time">The clock of its deadlines.</param>
    /// <param name="logger">What becomes of the connection.</param>
    /// <param name="deadline">How long a call may take; <see cref="CallDeadline"/> unless a test waits for a busy machine.</param>
    public RedisConnection(string configuration, TimeProvider time, ILogger<RedisConnection> logger, TimeSpan? deadline = null)
        : this(ConfigurationOptions.Parse(configuration), new WorkingTime(time, deadline ?? CallDeadline), logger)
    {
    }

    internal RedisConnection(string configuration, WorkingTime working, ILogger<RedisConnection> logger)
        : this(ConfigurationOptions.Parse(configuration), working, logger)
    {
    }

    internal RedisConnection(ConfigurationOptions configuration, WorkingTime working, ILogger<RedisConnection> logger)
    {
        _working = working;
        _configuration = configuration;
        _logger = logger;
    }

    /// <summary>
    /// Rises whenever a connection broke or was made anew, or a cluster moved a slot. Behind a new one there may be another Redis.
    /// </summary>
    public long ConnectionNumber => Interlocked.Read(ref _connectionNumber);

    /// <summary>Runs a script. A script that settles money is safe to send again: each knows its own repeats.</summary>
    /// <param name="verifiedOn">Only on the connection of that generation: behind a newer one there may be another Redis.</param>
    /// <exception cref="ArgumentException">Not as many keys or arguments as the script's head says: a bug of the caller,
    /// found by whatever test makes the call.</exception>
    public Task<RedisReply> EvaluateAsync(RedisScript script, RedisKey[] keys, RedisValue[] values, long? verifiedOn = null) =>
        script.Head.Takes(keys.Length, values.Length)
            ? CallAsync(database => EvaluateOnceAsync(database, script, keys, values, verifiedOn), verifiedOn)
            : throw new ArgumentException(
                $"The head of {script.Name} says {script.Head.Keys} keys and {script.Head.Arguments} arguments; it was called with "
                    + $"{keys.Length} and {values.Length}.");

    /// <summary>Runs one command; keys must be given as <see cref="RedisKey"/>, so that a cluster routes them.</summary>
    public Task<RedisReply> ExecuteAsync(string command, params object[] arguments) =>
        CallAsync(database => database.ExecuteAsync(command, arguments, CommandFlags.DemandMaster));

    /// <summary>What every master that answers says of itself, by its address; null when none does.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> InfoAsync()
    {
        var multiplexer = _multiplexer ?? await ConnectedAsync();
        var answers = await Task.WhenAll(Masters(multiplexer).Select(InfoAsync));
        var told = answers.Where(answer => answer.Info is not null).ToDictionary(answer => answer.Server, answer => answer.Info!);
        if (told.Count == 0 && multiplexer is not null && (answers.Length > 0 || HasReplica(multiplexer)))
        {
            ReplaceIfSilent(multiplexer);
        }

        return told.Count == 0 ? null : told;
    }

    public async ValueTask DisposeAsync()
    {
        if (_multiplexer is { } multiplexer)
        {
            await multiplexer.CloseAsync(allowCommandsToComplete: false);
        }

        _working.Dispose();
    }

    /// <summary>
    /// Sends the script by its hash, and by its text where Redis has forgotten it: refused with NOSCRIPT, it has not run. The client would
    /// do that by itself, but on whatever connection there is by then: behind one that was made anew meanwhile there may be another Redis.
    /// </summary>
    private async Task<RedisResult> EvaluateOnceAsync(
        IDatabase database, RedisScript script, RedisKey[] keys, RedisValue[] values, long? verifiedOn)
    {
        try
        {
            var reply = database.ScriptEvaluateAsync(script.Hash, keys, values, CommandFlags.DemandMaster);
            FaultPoint.Hit(script.SentPoint);
            return await reply;
        }
        catch (RedisServerException e)
            when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal) && (verifiedOn is null || verifiedOn == ConnectionNumber))
        {
            return await database.ScriptEvaluateAsync(script.Text, keys, values, CommandFlags.DemandMaster | CommandFlags.NoScriptCache);
        }
    }

    private async Task<RedisReply> CallAsync(Func<IDatabase, Task<RedisResult>> call, long? verifiedOn = null)
    {
        var multiplexer = _multiplexer ?? await ConnectedAsync();
        if (multiplexer is null)
        {
            return RedisReply.NotExecuted("Redis is not connected");
        }

        if (verifiedOn is { } number && number != ConnectionNumber)
        {
            return RedisReply.NotExecuted("the connection to Redis was made anew");
        }

        if (Interlocked.Increment(ref _inFlight) > MaxInFlight)
        {
            Interlocked.Decrement(ref _inFlight);
            return RedisReply.NotExecuted($"{MaxInFlight} calls to Redis are in flight");
        }

        try
        {
            var result = await call(multiplexer.GetDatabase()).WaitAsync(_working.Deadline);
            Interlocked.Exchange(ref _lastAnswer, _working.Elapsed.Ticks);
            return RedisReply.Of(result);
        }
        catch (RedisServerException e)
        {
            Interlocked.Exchange(ref _lastAnswer, _working.Elapsed.Ticks);
            return Refused(e.Message);
        }
        catch (RedisConnectionException e) when (e.Message.StartsWith("No connection", StringComparison.Ordinal))
        {
            return RedisReply.NotExecuted("Redis is not connected");
        }
        catch (RedisCommandException e)
        {
            // The client refused it before it was sent; in this version it is no RedisException.
            return RedisReply.NotExecuted(e.Message);
        }
        catch (Exception e) when (e
            is RedisException or TimeoutException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            await OffTheTick(e);
            ReplaceIfSilent(multiplexer);
            return RedisReply.Unknown(e is OperationCanceledException ? nameof(TimeoutException) : e.GetType().Name);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    /// <summary>
    /// A wait that its deadline has ended goes on inside the tick, where a caller that blocks would hold up every other deadline.
    /// </summary>
    private static async Task OffTheTick(Exception e)
    {
        if (e is OperationCanceledException)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
    }

    private async Task<(string Server, string? Info)> InfoAsync(IServer server)
    {
        try
        {
            return (server.EndPoint.ToString()!, await server.InfoRawAsync().WaitAsync(_working.Deadline));
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            await OffTheTick(e);
            return (server.EndPoint.ToString()!, null);
        }
    }

    private static IEnumerable<IServer> Masters(ConnectionMultiplexer? multiplexer) =>
        Servers(multiplexer).Where(server => server.IsConnected && !server.IsReplica);

    /// <summary>
    /// A master that was made a replica keeps its connections, and the client stays with it for ever, though the address leads
    /// elsewhere by now.
    /// </summary>
    private static bool HasReplica(ConnectionMultiplexer multiplexer) =>
        Servers(multiplexer).Any(server => server.IsConnected && server.IsReplica);

    private static IEnumerable<IServer> Servers(ConnectionMultiplexer? multiplexer) =>
        multiplexer is null ? [] : multiplexer.GetEndPoints().Select(endPoint => multiplexer.GetServer(endPoint));

    /// <summary>Redis answered with an error. Only one raised inside a running script can have written before it failed.</summary>
    internal RedisReply Refused(string message)
    {
        if (message.Contains("script:", StringComparison.Ordinal) && !s_beforeTheFirstWrite.Contains(message.Split(' ', 2)[0]))
        {
            LogScriptFailed(message);
            return RedisReply.Failed(message);
        }

        return RedisReply.NotExecuted(message);
    }

    /// <summary>One connection is made at a time, and nobody waits for it longer than for an answer.</summary>
    private async Task<ConnectionMultiplexer?> ConnectedAsync()
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
            return await connecting.WaitAsync(_working.Deadline);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<ConnectionMultiplexer?> TryConnectAsync()
    {
        try
        {
            return _multiplexer = await ConnectAsync();
        }
        catch (Exception e) when (e is RedisException or TimeoutException or System.Net.Sockets.SocketException or ArgumentException)
        {
            LogNotConnected(e.Message);
            return null;
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var options = _configuration.Clone();
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2_000;
        options.BacklogPolicy = BacklogPolicy.FailFast;

        // Ours comes first; the client's own counts a pause of this process against Redis.
        options.AsyncTimeout = 30_000;
        options.KeepAlive = 10;
        options.ConfigCheckSeconds = 5;
        options.AllowAdmin = true;
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(options);
        multiplexer.ConnectionFailed += (_, _) => Interlocked.Increment(ref _connectionNumber);
        multiplexer.ConnectionRestored += (_, _) => Interlocked.Increment(ref _connectionNumber);
        multiplexer.HashSlotMoved += (_, _) => Interlocked.Increment(ref _connectionNumber);
        Interlocked.Increment(ref _connectionNumber);
        Interlocked.Exchange(ref _lastAnswer, _working.Elapsed.Ticks);
        return multiplexer;
    }

    /// <summary>After a second of working time without any answer the connection is thrown away.</summary>
    private void ReplaceIfSilent(ConnectionMultiplexer silent)
    {
        if (_multiplexer != silent || _working.Elapsed.Ticks - Interlocked.Read(ref _lastAnswer) < s_silence.Ticks)
        {
            return;
        }

        // First the doubt, then the new connection: whoever gets that one sees the newer generation.
        Interlocked.Increment(ref _connectionNumber);
        if (Interlocked.CompareExchange(ref _multiplexer, null, silent) != silent)
        {
            return;
        }

        LogReplaced();
        _ = Task.Run(silent.Dispose);
    }

    [LoggerMessage(LogLevel.Warning, "Redis does not answer; its connection is made anew.")]
    private partial void LogReplaced();

    [LoggerMessage(LogLevel.Warning, "Redis can't be reached: {Reason}")]
    private partial void LogNotConnected(string reason);

    [LoggerMessage(LogLevel.Critical, "A script failed while it ran; its partition needs a look: {Reason}")]
    private partial void LogScriptFailed(string reason);
}
