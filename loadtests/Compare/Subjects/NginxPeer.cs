using System.Globalization;
using MeteringGateway.Load.Measuring;
using MeteringGateway.Load.Stack;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Compare.Subjects;

/// <summary>nginx with Lua and a Redis of its own: two scripts a call, a thousand accounts, no ledger.</summary>
internal sealed class NginxPeer : IAsyncDisposable
{
    private const int Accounts = 1000;

    private readonly ChildServer _nginx;
    private readonly RedisServer _redis;
    private readonly Uri _url;

    private NginxPeer(ChildServer nginx, RedisServer redis, Uri url) => (_nginx, _redis, _url) = (nginx, redis, url);

    public static async Task<NginxPeer> StartAsync(Workspace workspace, Uri provider, CancellationToken cancellation)
    {
        var redis = await RedisServer.StartAsync(
            workspace.In("nginx-redis"), new RedisServerOptions { AppendFsync = "everysec" }, TimeProvider.System, cancellation);
        var (directory, port) = (workspace.In("nginx"), LoopbackPort.Free());
        Directory.CreateDirectory(directory);
        if (!OperatingSystem.IsWindows())
        {
            // The worker of an nginx that root starts is another user.
            File.SetUnixFileMode(directory, (UnixFileMode)0b111_111_111);
        }

        var configuration = (await File.ReadAllTextAsync(Path.Combine(Programs.NginxPeer, "metering.conf.in"), cancellation))
            .Replace("@MODULES@", Programs.NginxModules, StringComparison.Ordinal)
            .Replace("@DIR@", directory, StringComparison.Ordinal)
            .Replace("@PORT@", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@UPSTREAM@", provider.Authority, StringComparison.Ordinal)
            .Replace("@REDISPORT@", redis.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@SHA@", await PrepareAsync(redis, cancellation), StringComparison.Ordinal);
        var file = Path.Combine(directory, "nginx.conf");
        await File.WriteAllTextAsync(file, configuration, cancellation);
        var log = workspace.In("nginx.log");
        var nginx = await ChildServer.StartAsync(
            new ChildServerStart("nginx", [ShellCommand.Find("nginx") ?? "nginx", "-p", directory, "-c", file]) { LogFile = log },
            TimeProvider.System, cancellation);
        var listens = await Readiness.PollAsync(
            _ => Task.FromResult(nginx.Exited.IsCompleted || !LoopbackPort.IsFree(System.Net.IPAddress.Loopback, port)),
            TimeSpan.FromSeconds(10), TimeProvider.System, cancellation);
        return listens && !nginx.Exited.IsCompleted
            ? new NginxPeer(nginx, redis, new Uri($"http://127.0.0.1:{port}/api/v1/query"))
            : throw new LocalServerException($"nginx did not start: {await File.ReadAllTextAsync(log, cancellation)}");
    }

    public Subject Subject(string fsync, Part provider) =>
        new(Compare.Subjects.Subject.Nginx, _url, [new Part("nginx", _nginx.Pid), new Part("redis", _redis.Pid), provider])
        {
            Fsync = fsync,
            RedisPort = _redis.Port,
        };

    public async ValueTask DisposeAsync()
    {
        await _nginx.DisposeAsync();
        await _redis.DisposeAsync();
    }

    /// <summary>The script and the accounts, with more credits than a run can spend; the script's SHA-1.</summary>
    private static async Task<string> PrepareAsync(RedisServer server, CancellationToken cancellation)
    {
        using var redis = new RedisProbe(server.Port);
        for (var account = 0; account < Accounts; account++)
        {
            var number = account.ToString(CultureInfo.InvariantCulture);
            redis.Ask("HSET", "{p1}:w:" + number, "balance", "1000000000000", "held", "0");
            redis.Ask("HSET", "{p1}:k:" + number, "limit", "-1", "status", "active");
        }

        var script = await File.ReadAllTextAsync(Path.Combine(Programs.NginxPeer, "meter.lua"), cancellation);
        return (string)redis.Ask("SCRIPT", "LOAD", script)!;
    }
}
