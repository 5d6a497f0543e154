using System.Globalization;
using MeteringGateway.Credits;
using MeteringGateway.LocalServers;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Credits;

/// <summary>A real Redis for the tests of the scripts; each test gets a partition of its own.</summary>
public sealed class ScriptRedis : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("scripts-").FullName;
    private RedisServer? _server;
    private RedisConnection? _connection;
    private int _partitions;

    internal RedisConnection Connection => _connection!;

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync(_directory, new RedisServerOptions { AppendFsync = "no" }, TimeProvider.System, CancellationToken.None);
        _connection = new RedisConnection(_server.ConnectionString, TimeProvider.System, NullLogger<RedisConnection>.Instance, TimeSpan.FromSeconds(30));
    }

    public async Task DisposeAsync()
    {
        await _connection!.DisposeAsync();
        await _server!.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    internal Task<ScriptBench> OpenAsync() => ScriptBench.OpenAsync(Connection, Interlocked.Increment(ref _partitions));
}

/// <summary>Calls the scripts as the product does, for one partition, with a clock that the test sets.</summary>
internal sealed class ScriptBench
{
    private readonly RedisConnection _redis;
    private readonly int _partition;

    private ScriptBench(RedisConnection redis, int partition) => (_redis, _partition) = (redis, partition);

    /// <summary>The epoch that the calls claim to be of, and that the partition was last opened under.</summary>
    public long Epoch { get; private set; } = 6;

    /// <summary>What the calls claim to have seen; 0 for a caller that has seen nothing.</summary>
    public long Seen { get; set; }

    public static async Task<ScriptBench> OpenAsync(RedisConnection redis, int partition)
    {
        var bench = new ScriptBench(redis, partition);
        await bench.RaiseEpochAsync();
        return bench;
    }

    /// <summary>As recovery does.</summary>
    public async Task RaiseEpochAsync()
    {
        await RunAsync("fence-1", [PartitionMap.Meta(_partition)], ++Epoch);
        await RunAsync("open-1", [PartitionMap.Meta(_partition)], Epoch, 0);
    }

    public async Task SetClockAsync(string utc)
    {
        var time = (RedisValue[])(await _redis.ExecuteAsync("TIME")).Result!;
        var now = ((long)time[0] * 1000) + ((long)time[1] / 1000);
        var wanted = DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        await _redis.ExecuteAsync("HSET", (RedisKey)PartitionMap.Meta(_partition), "toff", wanted - now);
    }

    public Task LoadAccountAsync(long balance, string status = "active", long budget = -1) => RunAsync("load-account-3",
        [PartitionMap.Meta(_partition), PartitionMap.Account(_partition, 1), PartitionMap.Holds(_partition)], Epoch, Seen, 1, balance, status, 1, budget, 0, 0);

    public Task LoadKeyAsync(long @fixed = -1, long daily = -1, long weekly = -1, long monthly = -1, string status = "active", long expires = 0, string surfaces = "", int rate = 0, int secret = 1, long previousUntil = 0) =>
        RunAsync("load-key-3", [PartitionMap.Meta(_partition), PartitionMap.Key(_partition, 1), PartitionMap.Holds(_partition)],
            Epoch, Seen, 1, 1, status, secret, previousUntil, expires, surfaces, rate, @fixed, daily, weekly, monthly, 0, 0, 0, 0, 0, 0, 0);

    public async Task<long> ConfigureKeyAsync(int version, long @fixed = -1, long daily = -1, long weekly = -1, long monthly = -1) =>
        (await RunAsync("configure-key-2", [PartitionMap.Meta(_partition), PartitionMap.Key(_partition, 1)],
            Epoch, Seen, version, "active", 1, 0, 0, "", 0, @fixed, daily, weekly, monthly))[0];

    public async Task<(ReserveStatus Status, Meter Meter)> ReserveAsync(string id, long amount, int secret = 1, string surface = "search", long lifetime = 30_000, long backlog = 1_000, long? epoch = null)
    {
        var values = await RunAsync("reserve-5", Keys(5), epoch ?? Epoch, Seen, id, 1, 1, amount, lifetime, secret, surface, backlog);
        return ((ReserveStatus)values[0], new Meter(values));
    }

    public async Task<(CommitStatus Status, Meter Meter)> CommitAsync(string id, long price, SpendWindows windows, bool again = false)
    {
        var values = await RunAsync("commit-6", [.. Keys(5), PartitionMap.CreditMarker(_partition, id)], Epoch, Seen, id, 1, 1, price, windows.Day, windows.Week, windows.Month, again ? "1" : "0", $$"""{"id":"{{id}}","type":"usage"}""");
        return ((CommitStatus)values[0], new Meter(values));
    }

    public async Task<long> ReleaseAsync(string id, bool expiredOnly = false) => (await RunAsync("release-4", Keys(4), Epoch, Seen, id, expiredOnly ? "1" : "0"))[0];

    /// <summary>1: the hold was given back; 2: there was none.</summary>
    public async Task<long> AbandonAsync(string id) =>
        (await RunAsync("abandon-5", [.. Keys(4), PartitionMap.CreditMarker(_partition, id)], Epoch, Seen, id))[0];

    public async Task<long[]> WeighAsync() =>
        await RunAsync("weigh-3", [PartitionMap.Meta(_partition), PartitionMap.Account(_partition, 1), PartitionMap.Holds(_partition)], Epoch, Seen, 1);

    public async Task<(long Code, long Balance)> CreditAsync(string id, long delta)
    {
        var values = await RunAsync("credit-4",
            [PartitionMap.Meta(_partition), PartitionMap.Account(_partition, 1), PartitionMap.Outbox(_partition), PartitionMap.CreditMarker(_partition, id)],
            Epoch, Seen, 1, delta, $$"""{"id":"{{id}}","type":"bonus"}""");
        return (values[0], values.Length > 3 ? values[3] : 0);
    }

    public async Task<long> ReverseAsync(string id, long price, SpendWindows windows)
    {
        RedisKey[] keys = [.. Keys(3), PartitionMap.Outbox(_partition), PartitionMap.CreditMarker(_partition, "reversal:" + id)];
        return (await RunAsync("reverse-5", keys, Epoch, Seen, 1, 1, price, windows.Day, windows.Week, windows.Month, $$"""{"id":"reversal:{{id}}","type":"reversal"}"""))[0];
    }

    public async Task<Meter> InspectAsync() => new(await RunAsync("inspect-3", Keys(3), Epoch, Seen, ""));

    public async Task<List<OutboxEntry>> OutboxAsync()
    {
        var packed = (string[])(await _redis.ExecuteAsync("LRANGE", (RedisKey)PartitionMap.Outbox(_partition), 0, -1)).Result!;
        return [.. packed.Select(text => OutboxEntry.TryParse(text, out var entry, out var reason) ? entry! : throw new FormatException(reason))];
    }

    /// <summary>Everything the partition has, as text: two of them are equal when nothing was written in between.</summary>
    public async Task<string> DumpAsync()
    {
        var lines = new List<string>();
        foreach (var key in new[] { PartitionMap.Meta(_partition), PartitionMap.Account(_partition, 1), PartitionMap.Key(_partition, 1), PartitionMap.Holds(_partition) })
        {
            var fields = (string[])(await _redis.ExecuteAsync("HGETALL", (RedisKey)key)).Result!;
            lines.Add(key + ": " + string.Join(' ', fields.Chunk(2).Select(pair => $"{pair[0]}={pair[1]}").Order(StringComparer.Ordinal)));
        }

        lines.AddRange((await OutboxAsync()).Select(entry => entry.ToString()));
        return string.Join('\n', lines);
    }

    private async Task<long[]> RunAsync(string script, RedisKey[] keys, params RedisValue[] values)
    {
        var reply = await _redis.EvaluateAsync(MeteringGateway.Credits.LuaScript.Load(script), keys, values);
        Assert.True(reply.Answered, reply.Reason);
        return reply.Result is { } result && script is not ("fence-1" or "open-1") ? (long[])result! : [(long)reply.Result!];
    }

    private RedisKey[] Keys(int count) => new RedisKey[]
    {
        PartitionMap.Meta(_partition), PartitionMap.Account(_partition, 1), PartitionMap.Key(_partition, 1), PartitionMap.Holds(_partition), PartitionMap.Outbox(_partition),
    }[..count];
}
