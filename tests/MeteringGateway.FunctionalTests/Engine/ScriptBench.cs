using System.Globalization;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Engine.Model;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>A real Redis for the tests of the scripts; each test gets a partition of its own.</summary>
public sealed class ScriptRedis : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.ForRedis();
    private RedisServer? _server;
    private RedisConnection? _connection;
    private int _partitions;

    internal RedisConnection Connection => _connection!;

    internal string ConnectionString => _server!.ConnectionString;

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync(
            _directory.In("redis"), new RedisServerOptions { AppendFsync = "no" }, TimeProvider.System, CancellationToken.None);
        _connection = new RedisConnection(
            _server.ConnectionString, TimeProvider.System, NullLogger<RedisConnection>.Instance, TimeSpan.FromSeconds(30));
    }

    public async Task DisposeAsync()
    {
        await _connection!.DisposeAsync();
        await _server!.DisposeAsync();
        _directory.Dispose();
    }

    internal Task<ScriptBench> OpenAsync() => ScriptBench.OpenAsync(Connection, Interlocked.Increment(ref _partitions));

    /// <summary>A partition that nobody has opened yet.</summary>
    internal ScriptPartition NewPartition() => new(Connection, Interlocked.Increment(ref _partitions));
}

/// <summary>Calls the scripts as the product does, for one partition, with a clock that the test sets.</summary>
internal sealed class ScriptBench
{
    private readonly RedisConnection _redis;
    private readonly int _partition;
    private readonly ScriptPartition _scripts;

    private ScriptBench(RedisConnection redis, int partition) =>
        (_redis, _partition, _scripts) = (redis, partition, new ScriptPartition(redis, partition));

    /// <summary>The epoch that the calls claim to be of, and that the partition was last opened under.</summary>
    public long Epoch { get; private set; } = 6;

    /// <summary>What the calls claim to have seen; 0 for a caller that has seen nothing.</summary>
    public long Seen { get; set; }

    private ScriptCaller Caller => new(Epoch, Seen);

    public static async Task<ScriptBench> OpenAsync(RedisConnection redis, int partition)
    {
        var bench = new ScriptBench(redis, partition);
        await bench.RaiseEpochAsync();
        return bench;
    }

    /// <summary>As recovery does.</summary>
    public async Task RaiseEpochAsync()
    {
        await _scripts.FenceAsync(++Epoch);
        await _scripts.OpenAsync(Epoch, 0);
    }

    public async Task SetClockAsync(string utc)
    {
        var time = (RedisValue[])(await _redis.ExecuteAsync("TIME")).Result!;
        var now = ((long)time[0] * 1000) + ((long)time[1] / 1000);
        await _scripts.SetClockOffsetAsync(DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() - now);
    }

    public Task LoadAccountAsync(long balance, string status = "active", long budget = -1, long account = 1) =>
        _scripts.LoadAccountAsync(Caller, account, balance, status, 1, budget, 0, 0);

    public Task LoadKeyAsync(
        long @fixed = -1, long daily = -1, long weekly = -1, long monthly = -1, string status = "active", long expires = 0,
        string surfaces = "", int rate = 0, int secret = 1, long previousUntil = 0, long key = 1) =>
        _scripts.LoadKeyAsync(
            Caller, key, 1, status, secret, previousUntil, expires, surfaces, rate, @fixed, daily, weekly, monthly, 0, 0, 0, 0, 0, 0, 0);

    public async Task<long> ConfigureKeyAsync(
        int version, long @fixed = -1, long daily = -1, long weekly = -1, long monthly = -1, string status = "active") =>
        (await _scripts.ConfigureKeyAsync(Caller, 1, version, status, 1, 0, 0, "", 0, @fixed, daily, weekly, monthly))[0];

    public Task ConfigureAccountAsync(string status) => _scripts.ConfigureAccountAsync(Caller, 1, 2, status, -1);

    public async Task<(ReserveStatus Status, BalanceSnapshot Snapshot)> ReserveAsync(
        string id, long amount, int secret = 1, string surface = "search", long lifetime = 30_000, long backlog = 1_000,
        long? epoch = null, long key = 1)
    {
        var values = await _scripts.ReserveAsync(
            Caller with { Epoch = epoch ?? Epoch }, id, 1, key, amount, lifetime, secret, surface, backlog);
        return ((ReserveStatus)values[0], new BalanceSnapshot(values));
    }

    /// <summary>What reserve would answer, without a hold; the call counts where <paramref name="counts"/> says so.</summary>
    public async Task<(ReserveStatus Status, BalanceSnapshot Snapshot)> AdmitAsync(
        long amount, bool counts, int secret = 1, string surface = "search", long backlog = 1_000)
    {
        var values = await _scripts.AdmitAsync(Caller, "admitted", 1, 1, amount, counts, secret, surface, backlog);
        return ((ReserveStatus)values[0], new BalanceSnapshot(values));
    }

    public async Task<(CommitStatus Status, BalanceSnapshot Snapshot)> CommitAsync(
        string id, long price, SpendWindows windows, bool again = false, long key = 1)
    {
        var values = await _scripts.CommitAsync(Caller, id, 1, key, price, windows, again);
        return ((CommitStatus)values[0], new BalanceSnapshot(values));
    }

    public async Task<long> ReleaseAsync(string id, bool expiredOnly = false, long key = 1) =>
        (await _scripts.ReleaseAsync(Caller, id, 1, key, expiredOnly))[0];

    /// <summary>1: the hold was given back; 2: there was none.</summary>
    public async Task<long> TombstoneAsync(string id) => (await _scripts.TombstoneAsync(Caller, id, 1, 1))[0];

    public Task<long[]> SumHoldsAsync() => _scripts.SumHoldsAsync(Caller, 1);

    public async Task<(long Code, long Balance)> CreditAsync(string id, long delta, int attempt = 1)
    {
        var values = await _scripts.CreditAsync(Caller, id, 1, delta, attempt);
        return (values[0], values.Length > 3 ? values[3] : 0);
    }

    public async Task<long> ReverseAsync(string id, long price, SpendWindows windows) =>
        (await _scripts.ReverseAsync(Caller, id, 1, 1, price, windows))[0];

    public async Task<BalanceSnapshot> InspectAsync(long key = 1) =>
        new(await _scripts.InspectAsync(Caller, 1, key, "", withKey: false, ""));

    public async Task<List<OutboxEntry>> OutboxAsync()
    {
        var packed = (string[])(await _redis.ExecuteAsync("LRANGE", (RedisKey)PartitionMap.Outbox(_partition), 0, -1)).Result!;
        return [.. packed.Select(text =>
            OutboxEntry.TryParse(text, out var entry, out var reason) ? entry! : throw new FormatException(reason))];
    }

    /// <summary>Everything the partition has, idempotency keys too, as text: two are equal when nothing was written in between.</summary>
    public Task<string> DumpAsync() => StoreText.WholeAsync(_scripts);
}
