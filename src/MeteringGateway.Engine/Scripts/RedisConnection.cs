using System.Collections.Frozen;
using MeteringGateway.Ledger.Background;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// Calls Redis; the only type that does. Any number of callers at once. It adds to StackExchange.Redis:
/// <list type="bullet">
/// <item><see cref="CallAsync"/>: a deadline in <see cref="WorkingTime"/>; the client's own is wall-clock time,
/// checked once a second;</item>
/// <item><see cref="Refused"/> and <see cref="ReplyOutcome"/>: whether a call that failed may have run;</item>
/// <item><see cref="EvaluateOnceAsync"/>: a forgotten script is sent again on the verified connection only;</item>
/// <item><see cref="RedisConnector.ReplaceIfSilent"/>: a new connection after a second of silence, where the client waits for several of
/// its timeouts;</item>
/// <item><see cref="HasReplica"/>: a connection to a demoted master counts as silent, for the client would keep it for ever;</item>
/// <item><see cref="RedisConnector.ConnectAsync"/>: no backlog while Redis is away, or a call would be sent after its caller was told that
/// it failed.</item>
/// </list>
/// </summary>
internal sealed partial class RedisConnection : IAsyncDisposable
{
    /// <summary>An answer takes well under a millisecond; after this time a refusal serves the caller better.</summary>
    public static readonly TimeSpan CallDeadline = TimeSpan.FromMilliseconds(800);

    /// <summary>More calls in flight than this mean that Redis is stuck: new calls are refused, not queued.</summary>
    private const int MaxInFlight = 16_384;

    /// <summary>Errors that Redis raises at a script's first write and at no later one: such a script has written nothing.</summary>
    private static readonly FrozenSet<string> s_beforeTheFirstWrite = FrozenSet.Create(
        StringComparer.Ordinal, "OOM", "MISCONF", "NOREPLICAS", "READONLY");

    private readonly WorkingTime _working;
    private readonly ILogger<RedisConnection> _logger;
    private readonly RedisConnector _connector;
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
        _logger = logger;
        _connector = new RedisConnector(configuration, working, logger);
    }

    /// <summary>A call has failed, for whatever reason: Redis is away, too slow, or refuses it.</summary>
    public event Action? Failed;

    /// <inheritdoc cref="RedisConnector.Number"/>
    public long ConnectionNumber => _connector.Number;

    /// <inheritdoc cref="RedisConnector.IsCluster"/>
    public bool IsCluster => _connector.IsCluster;

    /// <summary>Runs a script. Scripts that resolve a hold or move credits are idempotent, so they may be sent again.</summary>
    /// <param name="script">Sent by its hash.</param>
    /// <param name="keys">As many as its head says.</param>
    /// <param name="values">As many as its head says.</param>
    /// <param name="verifiedOn">The connection number under which the script may run; under a newer one it is not executed.</param>
    /// <param name="sent">Called between the send and the answer, for fault points; the script's own point if there is none.</param>
    /// <exception cref="ArgumentException">The numbers of keys or arguments differ from the script's head: a bug of the caller.</exception>
    public Task<RedisReply> EvaluateAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] values, long? verifiedOn = null, Action? sent = null) =>
        script.Head.Takes(keys.Length, values.Length)
            ? CallAsync(database => EvaluateOnceAsync(database, script, keys, values, verifiedOn, sent), verifiedOn)
            : throw new ArgumentException(
                $"The head of {script.Name} says {script.Head.Keys} keys and {script.Head.Arguments} arguments; it was called with "
                    + $"{keys.Length} and {values.Length}.");

    /// <summary>Runs one command; keys must be given as <see cref="RedisKey"/>, so that a cluster routes them.</summary>
    public Task<RedisReply> ExecuteAsync(string command, params object[] arguments) =>
        CallAsync(database => database.ExecuteAsync(command, arguments, CommandFlags.DemandMaster));

    /// <summary>The INFO of each master that answers, by its address; null if none does.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> InfoAsync()
    {
        var multiplexer = _connector.Current ?? await _connector.ConnectAsync();
        var answers = await Task.WhenAll(Masters(multiplexer).Select(InfoAsync));
        var told = answers.Where(answer => answer.Info is not null).ToDictionary(answer => answer.Server, answer => answer.Info!);
        if (told.Count == 0)
        {
            // A gateway without calls asks this once a second, and nothing else.
            Failed?.Invoke();
        }

        if (told.Count == 0 && multiplexer is not null && (answers.Length > 0 || HasReplica(multiplexer)))
        {
            _connector.ReplaceIfSilent(multiplexer);
        }

        return told.Count == 0 ? null : told;
    }

    public async ValueTask DisposeAsync()
    {
        await _connector.DisposeAsync();
        _working.Dispose();
    }

    /// <summary>
    /// Sends the script by its hash, and again by its text if Redis has forgotten it: a script that was refused with NOSCRIPT has not run.
    /// The client could do so itself, but on any connection that exists by then, and a new connection may lead to another Redis.
    /// </summary>
    private async Task<RedisResult> EvaluateOnceAsync(
        IDatabase database, RedisScript script, RedisKey[] keys, RedisValue[] values, long? verifiedOn, Action? sent)
    {
        try
        {
            var reply = database.ScriptEvaluateAsync(script.Hash, keys, values, CommandFlags.DemandMaster);
            if (sent is null)
            {
                FaultPoint.Hit(script.SentPoint);
            }
            else
            {
                sent();
            }

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
        var multiplexer = _connector.Current ?? await _connector.ConnectAsync();
        if (multiplexer is null)
        {
            return Fail(RedisReply.NotExecuted("Redis is not connected"));
        }

        if (verifiedOn is { } number && number != ConnectionNumber)
        {
            return Fail(RedisReply.NotExecuted("the connection to Redis was replaced"));
        }

        if (Interlocked.Increment(ref _inFlight) > MaxInFlight)
        {
            Interlocked.Decrement(ref _inFlight);
            return Fail(RedisReply.NotExecuted($"{MaxInFlight} calls to Redis are in flight"));
        }

        try
        {
            var result = await call(multiplexer.GetDatabase()).WaitAsync(_working.Deadline);
            _connector.NoteAnswer();
            return RedisReply.Of(result);
        }
        catch (RedisServerException e)
        {
            _connector.NoteAnswer();
            return Fail(Refused(e.Message));
        }
        catch (RedisConnectionException e) when (e.Message.StartsWith("No connection", StringComparison.Ordinal))
        {
            return Fail(RedisReply.NotExecuted("Redis is not connected"));
        }
        catch (RedisCommandException e)
        {
            // The client refused the command before sending it; in this version that is no RedisException.
            return Fail(RedisReply.NotExecuted(e.Message));
        }
        catch (Exception e) when (e
            is RedisException or TimeoutException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            await OffTheTick(e);
            _connector.ReplaceIfSilent(multiplexer);
            return Fail(RedisReply.Unknown(e is OperationCanceledException ? nameof(TimeoutException) : e.GetType().Name));
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private RedisReply Fail(RedisReply reply)
    {
        Failed?.Invoke();
        return reply;
    }

    /// <summary>
    /// Leaves the tick of <see cref="WorkingTime"/>, inside which a caller continues after its deadline: a caller that blocks there would
    /// delay every other deadline.
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
    /// A master that was demoted to a replica keeps its connections, and the client keeps using them for ever, though the address leads to
    /// another server by now.
    /// </summary>
    private static bool HasReplica(ConnectionMultiplexer multiplexer) =>
        Servers(multiplexer).Any(server => server.IsConnected && server.IsReplica);

    private static IEnumerable<IServer> Servers(ConnectionMultiplexer? multiplexer) =>
        multiplexer is null ? [] : multiplexer.GetEndPoints().Select(endPoint => multiplexer.GetServer(endPoint));

    /// <summary>Redis answered with an error. Only an error from inside a running script can follow a write.</summary>
    internal RedisReply Refused(string message)
    {
        if (message.Contains("script:", StringComparison.Ordinal) && !s_beforeTheFirstWrite.Contains(message.Split(' ', 2)[0]))
        {
            LogScriptFailed(message);
            return RedisReply.Failed(message);
        }

        return RedisReply.NotExecuted(message);
    }

    [LoggerMessage(LogLevel.Critical, "A script failed while it ran; its partition is recovered from the ledger: {Reason}")]
    private partial void LogScriptFailed(string reason);
}
