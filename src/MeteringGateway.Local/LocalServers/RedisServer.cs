using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeteringGateway.Local.LocalServers;

/// <summary>A private redis-server on the loopback address, its data in one directory. One caller at a time.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly string _binary;
    private readonly string _directory;
    private readonly RedisServerOptions _options;
    private readonly TimeProvider _time;
    private ChildServer _child = null!;

    private RedisServer(string binary, string directory, RedisServerOptions options, TimeProvider time)
    {
        _binary = binary;
        _directory = directory;
        _options = options;
        _time = time;
    }

    public int Port { get; private set; }
    public int Pid => _child.Pid;
    public ChildServer Process => _child;
    public string DataDirectory => _directory;

    /// <summary>As StackExchange.Redis reads it.</summary>
    public string ConnectionString =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}")
            + (_options.Password is null ? "" : ",password=" + _options.Password);

    public static async Task<RedisServer> StartAsync(
        string directory, RedisServerOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var binary = (await ServerBinaries.FindAsync(cancellation)).Redis ?? throw new LocalServerException("redis-server is missing.");
        return await StartAsync(binary, directory, options, time, cancellation);
    }

    public static async Task<RedisServer> StartAsync(
        string binary, string directory, RedisServerOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var server = new RedisServer(binary, Path.GetFullPath(directory), options, time);
        await server.LaunchAsync(options.Port, cancellation);
        return server;
    }

    public Task StopAsync() => _child.StopAsync();
    public Task KillAsync() => _child.KillAsync();
    public void Pause() => _child.Pause();
    public void Resume() => _child.Resume();

    /// <summary>Again on the same port and data, after a stop or a kill.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        await _child.DisposeAsync();
        await LaunchAsync(Port, cancellation);
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private async Task LaunchAsync(int? port, CancellationToken cancellation)
    {
        PrivateFile.CreateDirectory(_directory);
        var log = Path.Combine(_directory, "redis.log");
        for (var attempt = 1; ; attempt++)
        {
            Port = port ?? LoopbackPort.Free();
            PrivateFile.Write(Path.Combine(_directory, "redis.conf"), Configuration());
            _child = await ChildServer.StartAsync(
                new ChildServerStart("redis", [_binary, Path.Combine(_directory, "redis.conf"), .. _options.Arguments])
                {
                    WorkingDirectory = _directory,
                    LogFile = log,
                    PidFile = Path.Combine(_directory, "redis.pid"),
                },
                _time,
                cancellation);
            var child = _child;
            var ready = false;
            await Readiness.PollAsync(
                async token => child.Exited.IsCompleted || (ready = await AnswersAsync(token)), StartPatience, _time, cancellation);
            // Another's server on the port would answer for ours, which has ended then.
            if (ready && !child.Exited.IsCompleted)
            {
                return;
            }

            await child.DisposeAsync();
            if (port is not null || attempt == 3)
            {
                throw new LocalServerException($"redis-server did not start on port {Port}: {ServerLog.LastLine(log)} (all of it: {log})");
            }
        }
    }

    /// <summary>In a file, for a command line is shown to every user of the machine.</summary>
    private string Configuration() => string.Join('\n',
        "bind 127.0.0.1",
        string.Create(CultureInfo.InvariantCulture, $"port {Port}"),
        $"dir \"{_directory}\"",
        "daemonize no",
        "appendonly yes",
        $"appendfsync {_options.AppendFsync}",
        "maxmemory-policy noeviction",
        // The AOF has everything; a snapshot beside it would only cost a fork.
        "save \"\"",
        _options.Password is null ? "" : $"requirepass {_options.Password}",
        "");

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, linked.Token);
            var stream = client.GetStream();
            var login = _options.Password is null ? "" : $"AUTH {_options.Password}\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(login + "PING\r\n"), linked.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var line = await reader.ReadLineAsync(linked.Token);
            return (_options.Password is null ? line : await reader.ReadLineAsync(linked.Token)) == "+PONG";
        }
        catch (Exception refused) when (refused is SocketException or IOException
            || (refused is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
