using System.Globalization;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Calls.Batching;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Batching;

/// <summary>A lane and the Redis behind it: short of memory, silent, damaged in one partition, asked by many at once.</summary>
public sealed class CallLaneTests : IAsyncLifetime
{
    private const long Epoch = 7;
    private static readonly ScriptCaller s_caller = new(Epoch, 0);

    private readonly ScriptRedis _redis = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<EngineMetrics>().BuildServiceProvider();
    private readonly Partitions _partitions = new(new PartitionMap(8), new PartitionEpochs(new PartitionMap(8)));

    public Task InitializeAsync() => _redis.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _redis.DisposeAsync();
        _partitions.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Operations_OfManyCallers_AreEachAnsweredOnce()
    {
        var store = await LoadedAsync(_redis.Connection, balance: 100_000);
        var lane = Lane(_redis.Connection);
        var reserved = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => RunAsync(lane, Reserve(store, $"r{i}"))));
        Assert.All(reserved, answer => Assert.Equal((ScriptOutcome.Answered, 1), (answer.Outcome, answer.Code)));
        Assert.Equal(Enumerable.Range(1, 2_000).Select(i => 10L * i), reserved.Select(answer => answer.Snapshot.Held).Order());

        var windows = reserved[0].Snapshot.Windows;
        var committed = await Task.WhenAll(
            Enumerable.Range(0, 2_000).Select(i => RunAsync(lane, store.Commit(s_caller, $"r{i}", 1, 1, 10, windows, again: false))));
        Assert.Equal(
            Enumerable.Range(0, 2_000).Select(i => 80_000L + (10 * i)), committed.Select(answer => answer.Snapshot.Balance).Order());
        Assert.True(await CommandsAsync("evalsha") < 1_000, "the operations did not travel together");
    }

    [Fact]
    public async Task Memory_ThatIsShort_RefusesWhatReservesAndSettlesTheRest()
    {
        var store = await LoadedAsync(_redis.Connection, balance: 100_000);
        var lane = Lane(_redis.Connection);
        var held = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => RunAsync(lane, Reserve(store, $"r{i}"))));
        var windows = held[0].Snapshot.Windows;
        Assert.True((await _redis.Connection.ExecuteAsync("CONFIG", "SET", "maxmemory", "1")).Answered);

        var mixed = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => RunAsync(lane, (i % 3) switch
        {
            0 => Reserve(store, $"new{i}"),
            1 => store.Commit(s_caller, $"r{i / 3}", 1, 1, 10, windows, again: false),
            _ => store.Release(s_caller, $"gone{i}", 1, 1, expiredOnly: false),
        })));

        Assert.All(mixed.Where((_, i) => i % 3 == 0), answer => Assert.Equal(ScriptOutcome.NotExecuted, answer.Outcome));
        Assert.All(mixed.Where((_, i) => i % 3 == 1), answer => Assert.Equal((ScriptOutcome.Answered, 1), (answer.Outcome, answer.Code)));
        Assert.All(mixed.Where((_, i) => i % 3 == 2), answer => Assert.Equal((ScriptOutcome.Answered, 2), (answer.Outcome, answer.Code)));
        Assert.Equal([99_000L, 0, 0], (await store.SumHoldsAsync(s_caller, 1)).Skip(2));
        Assert.Equal(Epoch, _partitions.Epoch(store.Number));
    }

    /// <summary>Not executed is a promise: there is no hold of it, now or later.</summary>
    [Fact]
    public async Task Batch_WhoseAnswerIsLost_IsUnknownAndThoseBehindItWereNotSent()
    {
        await using var line = ChaosProxy.Start(int.Parse(_redis.ConnectionString.Split(':')[1], CultureInfo.InvariantCulture));
        await using var connection = new RedisConnection(
            line.Address, TimeProvider.System, NullLogger<RedisConnection>.Instance, TimeSpan.FromMilliseconds(500));
        var store = await LoadedAsync(connection, balance: 100_000);
        var lane = Lane(connection);

        // Redis knows the script from now on: a batch whose answer is lost has run.
        Assert.Equal(1, (await RunAsync(lane, Reserve(store, "first"))).Code);
        line.Set(ProxyMode.DropReplies);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => RunAsync(lane, Reserve(store, $"r{i}"))));

        line.Set(ProxyMode.Pass);
        Assert.All(answers, answer => Assert.True(answer.Outcome is ScriptOutcome.Unknown or ScriptOutcome.NotExecuted));
        Assert.Contains(answers, answer => answer.Outcome == ScriptOutcome.Unknown);
        Assert.Contains(answers, answer => answer.Outcome == ScriptOutcome.NotExecuted);
        RedisKey name = PartitionMap.Holds(store.Number);
        var holds = ((string[])(await _redis.Connection.ExecuteAsync("HKEYS", name)).Result!).ToHashSet();
        Assert.All(answers.Select((answer, i) => (answer.Outcome, Id: $"r{i}")), one => Assert.Equal(
            one.Outcome == ScriptOutcome.Unknown, holds.Contains(one.Id)));
    }

    /// <summary>
    /// A forgotten script is sent again when Redis says so, which may be after the batch's deadline, when the lane packs the next one.
    /// </summary>
    [Fact]
    public async Task Batch_ThatIsSentAgainLate_HasItsOwnOperations()
    {
        await using var line = ChaosProxy.Start(int.Parse(_redis.ConnectionString.Split(':')[1], CultureInfo.InvariantCulture));
        await using var connection = new RedisConnection(
            line.Address, TimeProvider.System, NullLogger<RedisConnection>.Instance, TimeSpan.FromMilliseconds(200));
        var store = await LoadedAsync(connection, balance: 100);
        var other = await LoadedAsync(connection, balance: 100, account: 2);
        var lane = Lane(connection);
        Assert.True((await _redis.Connection.ExecuteAsync("SCRIPT", "FLUSH")).Answered);
        line.Set(ProxyMode.BlackHole);
        Assert.Equal(ScriptOutcome.Unknown, (await RunAsync(lane, Reserve(store, "a"))).Outcome);
        Assert.Equal(ScriptOutcome.Unknown, (await RunAsync(lane, other.Reserve(s_caller, "b", 2, 2, 77, 30_000, 1, "search"))).Outcome);

        line.Set(ProxyMode.Pass);
        await Eventually.TrueAsync(
            async () => (await other.SumHoldsAsync(s_caller, 2))[^1] > 0 && (await store.SumHoldsAsync(s_caller, 1))[^1] > 0,
            () => "the batches were not sent again");
        Assert.Equal([100L, 10, 10], (await store.SumHoldsAsync(s_caller, 1)).Skip(2));
        Assert.Equal([100L, 77, 77], (await other.SumHoldsAsync(s_caller, 2)).Skip(2));
    }

    [Fact]
    public async Task Partition_ThatIsDamaged_IsInDoubtAlone()
    {
        var store = await LoadedAsync(_redis.Connection, balance: 100);
        var other = await LoadedAsync(_redis.Connection, balance: 100, account: 2);
        await _redis.Connection.ExecuteAsync("SET", (RedisKey)PartitionMap.Holds(store.Number), "damage");
        var lane = Lane(_redis.Connection);

        var answers = await Task.WhenAll(
            RunAsync(lane, Reserve(store, "a")), RunAsync(lane, other.Reserve(s_caller, "b", 2, 2, 10, 30_000, 1, "search")),
            RunAsync(lane, Reserve(store, "c")), RunAsync(lane, other.Reserve(s_caller, "d", 2, 2, 10, 30_000, 1, "search")));

        Assert.Equal(
            [ScriptOutcome.NotExecuted, ScriptOutcome.Answered, ScriptOutcome.NotExecuted, ScriptOutcome.Answered],
            answers.Select(answer => answer.Outcome));
        Assert.Equal((true, 0), (_partitions.IsCorrupt(store.Number), _partitions.Epoch(store.Number)));
        Assert.Equal((false, Epoch), (_partitions.IsCorrupt(other.Number), _partitions.Epoch(other.Number)));
    }

    [Fact]
    public async Task Operation_OfAPartitionThatIsNotServed_IsNotSent()
    {
        var store = await LoadedAsync(_redis.Connection, balance: 100);
        _partitions.Close(store.Number);
        Assert.Equal(ScriptOutcome.NotExecuted, (await RunAsync(Lane(_redis.Connection), Reserve(store, "a"))).Outcome);
        Assert.Equal([100L, 0, 0], (await store.SumHoldsAsync(s_caller, 1)).Skip(2));
    }

    /// <summary>An operation that fails in the gateway itself must not leave its caller, or the lane, waiting for ever.</summary>
    [Fact]
    public async Task Operation_ThatCannotBePacked_CountsAsOneWhoseAnswerWasLost()
    {
        var store = await LoadedAsync(_redis.Connection, balance: 100);
        var lane = Lane(_redis.Connection);
        var unpackable = store.Reserve(s_caller, "long", 1, 1, 10, 30_000, 1, new string('s', 70_000));
        Assert.Equal(ScriptOutcome.Unknown, (await RunAsync(lane, unpackable)).Outcome);
        Assert.Equal(1, (await RunAsync(lane, Reserve(store, "a"))).Code);
    }

    private static ReserveOperation Reserve(ScriptPartition store, string id) =>
        store.Reserve(s_caller, id, 1, 1, 10, 30_000, 1, "search");

    private static async Task<CallAnswer> RunAsync(CallLane lane, CallOperation operation) => await lane.RunAsync(operation);

    private CallLane Lane(RedisConnection connection) =>
        new(connection, _partitions, 10_000, _services.GetRequiredService<EngineMetrics>(), NullLogger.Instance);

    private async Task<ScriptPartition> LoadedAsync(RedisConnection connection, long balance, long account = 1)
    {
        var store = _redis.NewPartition();
        await store.FenceAsync(Epoch);
        await store.OpenAsync(Epoch, 0);
        await store.LoadAccountAsync(s_caller, account, balance, "active", 1, -1, 0, 0);
        await store.LoadKeyAsync(s_caller, account, 1, "active", 1, 0, 0, "", 0, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0);
        Assert.True((await connection.ExecuteAsync("PING")).Answered);
        _partitions.Open(store.Number, Epoch, 0, connection.ConnectionNumber);
        return store;
    }

    private async Task<long> CommandsAsync(string command)
    {
        var info = (string)(await _redis.Connection.ExecuteAsync("INFO", "commandstats")).Result!;
        var line = info.Split('\n').Single(line => line.StartsWith($"cmdstat_{command}:", StringComparison.Ordinal));
        return long.Parse(line.Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture);
    }
}
