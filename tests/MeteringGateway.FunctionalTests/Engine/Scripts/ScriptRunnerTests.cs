using System.Text;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Engine.Upkeep;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Scripts;

public sealed class ScriptRunnerTests(ScriptRedis redis) : IClassFixture<ScriptRedis>, IDisposable
{
    private const long Epoch = 8;

    private readonly ServiceProvider _services =
        new ServiceCollection().AddTelemetry().AddSingleton<EngineMetrics>().BuildServiceProvider();
    private readonly Partitions _partitions = new(new PartitionMap(8), new PartitionEpochs(new PartitionMap(8)));

    private ScriptRunner Scripts =>
        new(redis.Connection, _partitions, _services.GetRequiredService<EngineMetrics>(), NullLogger<ScriptRunner>.Instance);

    public void Dispose()
    {
        _partitions.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Run_UnderAnEpochThatIsOver_WritesNothing()
    {
        var partition = await OpenAsync();
        RedisKey[] keys = [PartitionMap.Meta(partition), PartitionMap.Holds(partition), PartitionMap.Account(partition, 1)];
        RedisValue[] account = [1, 1, 100, "active", 1, -1, 0, 0];

        Assert.Equal(ScriptOutcome.Fenced, (await Scripts.RunUnderAsync(Epoch - 1, LoadAnswer.Script, partition, keys, account)).Outcome);
        Assert.False((bool)(await redis.Connection.ExecuteAsync("EXISTS", keys[2])).Result!);
        var loaded = await Scripts.RunUnderAsync(Epoch, LoadAnswer.Script, partition, keys, account);
        Assert.Equal(new ScriptReply<LoadAnswer>(ScriptOutcome.Answered, new LoadAnswer(LoadStatus.Loaded)), loaded);
    }

    [Fact]
    public async Task Run_OfAScriptThatFails_PutsItsPartitionInDoubtAndIsCounted()
    {
        var registry = _services.GetRequiredService<PrometheusRegistry>();
        var (partition, other) = (await OpenAsync(), await OpenAsync());
        RedisKey holds = PartitionMap.Holds(partition);
        Assert.True((await redis.Connection.ExecuteAsync("SET", holds, "damage")).Answered);

        var reply = await Scripts.RunAsync(
            LoadAnswer.Script, partition, [PartitionMap.Meta(partition), holds, PartitionMap.Account(partition, 1)],
            1, 1, 100, "active", 1, -1, 0, 0);

        Assert.Equal(ScriptOutcome.Unknown, reply.Outcome);
        Assert.Equal((true, 0), (_partitions.IsCorrupt(partition), _partitions.Epoch(partition)));
        Assert.Equal((false, Epoch), (_partitions.IsCorrupt(other), _partitions.Epoch(other)));
        using var scrape = new MemoryStream();
        await registry.WriteAsync(scrape, CancellationToken.None);
        Assert.Contains("metering_script_errors_total 1\n", Encoding.UTF8.GetString(scrape.ToArray()), StringComparison.Ordinal);
    }

    /// <summary>It ran: who takes it for refused, or for done, would give away what it may have held or charged.</summary>
    [Fact]
    public async Task Run_WhoseAnswerIsNoneOfItsOwn_IsUnknownAndPutsThePartitionInDoubt()
    {
        var partition = await OpenAsync();
        RedisKey[] keys = [PartitionMap.Meta(partition), PartitionMap.Holds(partition), PartitionMap.Account(partition, 1)];

        var reply = await Scripts.RunAsync(LongerAnswer.Script, partition, keys, 1, 1, 100, "active", 1, -1, 0, 0);

        Assert.True((bool)(await redis.Connection.ExecuteAsync("EXISTS", keys[2])).Result!);
        Assert.Equal((ScriptOutcome.Unknown, true), (reply.Outcome, reply.IsUnavailable));
        Assert.Equal((true, 0), (_partitions.IsCorrupt(partition), _partitions.Epoch(partition)));
    }

    [Fact]
    public async Task Call_WithMoreOrFewerThanTheHeadSays_IsNotSent()
    {
        var time = TimeAnswer.Script.Source;
        await Assert.ThrowsAsync<ArgumentException>(() => redis.Connection.EvaluateAsync(time, ["{p0}:meta"], [1]));
        await Assert.ThrowsAsync<ArgumentException>(() => redis.Connection.EvaluateAsync(time, ["{p0}:meta"], [1, 0, 0]));
        await Assert.ThrowsAsync<ArgumentException>(() => redis.Connection.EvaluateAsync(time, ["{p0}:meta", "{p0}:holds"], [1, 0]));
        Assert.True((await redis.Connection.EvaluateAsync(time, ["{p0}:meta"], [1, 0])).Answered);
    }

    [Fact]
    public async Task Call_ThatTheClientRefusesToSend_WasNotExecuted()
    {
        await using var without = new RedisConnection(
            redis.ConnectionString + ",$EVAL=,$EVALSHA=", TimeProvider.System, NullLogger<RedisConnection>.Instance,
            TimeSpan.FromSeconds(30));
        Assert.True((await without.ExecuteAsync("GET", (RedisKey)"a")).Answered);
        var reply = await without.EvaluateAsync(RedisScript.Load("fence-1"), [PartitionMap.Meta(0)], [Epoch]);
        Assert.Equal(ReplyOutcome.NotExecuted, reply.Outcome);
    }

    private async Task<int> OpenAsync()
    {
        var store = redis.NewPartition();
        await store.FenceAsync(Epoch);
        await store.OpenAsync(Epoch, 0);
        _partitions.Open(store.Number, Epoch, 0, redis.Connection.ConnectionNumber);
        return store.Number;
    }

    /// <summary>The answer of load-3, by a reader that expects a number more.</summary>
    private readonly record struct LongerAnswer : IScriptAnswer<LongerAnswer>
    {
        public static readonly GuardedScript<LongerAnswer> Script = new("load-3");

        public static int Length => 3;

        public static LongerAnswer Of(long[] values) => default;
    }
}
