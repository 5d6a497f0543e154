using System.Text;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Loading.Batches;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Engine.Upkeep;
using MeteringGateway.FunctionalTests.Engine.Model;
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
    private static readonly RedisValue[] s_suspended = [2, "suspended", -1];

    private readonly ServiceProvider _services =
        new ServiceCollection().AddTelemetry().AddSingleton<EngineMetrics>().BuildServiceProvider();
    private readonly Partitions _partitions = new(new PartitionMap(64), new PartitionEpochs(new PartitionMap(64)));

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
        var (store, keys) = await LoadedAsync();
        var before = await StoreText.WholeAsync(store);

        Assert.Equal(
            ScriptOutcome.Fenced,
            (await Scripts.RunUnderAsync(Epoch - 1, ConfigureAnswer.Account, store.Number, keys, s_suspended)).Outcome);
        Assert.Equal(before, await StoreText.WholeAsync(store));
        Assert.Equal(
            new ScriptReply<ConfigureAnswer>(ScriptOutcome.Answered, new ConfigureAnswer(ConfigureStatus.Configured)),
            await Scripts.RunUnderAsync(Epoch, ConfigureAnswer.Account, store.Number, keys, s_suspended));
        Assert.NotEqual(before, await StoreText.WholeAsync(store));
    }

    [Fact]
    public async Task Run_OfAScriptThatFails_PutsItsPartitionInDoubtAndIsCounted()
    {
        var registry = _services.GetRequiredService<PrometheusRegistry>();
        var (store, keys) = await LoadedAsync();
        var (partition, other) = (store.Number, (await OpenAsync()).Number);
        RedisKey holds = PartitionMap.Holds(partition);
        Assert.True((await redis.Connection.ExecuteAsync("SET", holds, "damage")).Answered);

        var reply = await Scripts.RunAsync(SumHoldsAnswer.Script, partition, [.. keys, holds], 1);

        Assert.Equal(ScriptOutcome.Unknown, reply.Outcome);
        Assert.Equal((true, 0), (_partitions.IsCorrupt(partition), _partitions.Epoch(partition)));
        Assert.Equal((false, Epoch), (_partitions.IsCorrupt(other), _partitions.Epoch(other)));
        await AssertErrorsAsync(registry, 1);
    }

    /// <summary>It ran: who takes it for refused, or for done, would give away what it may have held or charged.</summary>
    [Fact]
    public async Task Run_WhoseAnswerIsNoneOfItsOwn_IsUnknownAndPutsThePartitionInDoubt()
    {
        var (store, keys) = await LoadedAsync();
        var before = await StoreText.WholeAsync(store);

        var reply = await Scripts.RunAsync(LongerAnswer.Script, store.Number, keys, s_suspended);

        Assert.NotEqual(before, await StoreText.WholeAsync(store));
        Assert.Equal((ScriptOutcome.Unknown, true), (reply.Outcome, reply.IsUnavailable));
        Assert.Equal((true, 0), (_partitions.IsCorrupt(store.Number), _partitions.Epoch(store.Number)));
    }

    [Fact]
    public async Task RunTogether_WithPartitionsThatFail_LeavesTheOthersServed()
    {
        var registry = _services.GetRequiredService<PrometheusRegistry>();
        var (good, damaged, closed, fenced) = (await OpenAsync(), await OpenAsync(), await OpenAsync(), await OpenAsync());
        await redis.Connection.ExecuteAsync("SET", (RedisKey)PartitionMap.Holds(damaged.Number), "damage");
        await fenced.FenceAsync(Epoch + 1);

        var replies = await Scripts.RunTogetherAsync(
            LoadAnswer.Script, [Part(closed, epoch: 0), Part(damaged), Part(good), Part(fenced)]);

        Assert.Equal(
            [ScriptOutcome.NotExecuted, ScriptOutcome.NotExecuted, ScriptOutcome.Answered, ScriptOutcome.Fenced],
            replies.Select(reply => reply.Outcome));
        Assert.Equal(
            [false, true, false, false], new[] { closed, damaged, good, fenced }.Select(store => _partitions.IsCorrupt(store.Number)));
        Assert.Equal(LoadStatus.Loaded, replies[2].Answer.Status);
        Assert.True(_partitions.WriteSequence(good.Number) > 0);
        await AssertErrorsAsync(registry, 1);
    }

    [Fact]
    public async Task RunTogether_WhereNoPartitionIsServed_SendsNothing() =>
        Assert.Equal(
            ScriptOutcome.NotExecuted,
            Assert.Single(await Scripts.RunTogetherAsync(LoadAnswer.Script, [Part(await OpenAsync(), epoch: 0)])).Outcome);

    [Fact]
    public async Task RunTogether_WhoseAnswersAreNoneOfItsOwn_PutsThePartitionsInDoubt()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());

        var replies = await Scripts.RunTogetherAsync(LongerLoadAnswer.Script, [Part(one), Part(other)]);

        Assert.All(replies, reply => Assert.Equal(ScriptOutcome.Unknown, reply.Outcome));
        Assert.Equal((true, true), (_partitions.IsCorrupt(one.Number), _partitions.IsCorrupt(other.Number)));
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

    private static ScriptPart Part(ScriptPartition store, long epoch = Epoch) =>
        store.Loading(epoch, [LedgerFacts.Account(1, 100, "active", 1, -1, 0, 0)], []);

    private async Task<ScriptPartition> OpenAsync()
    {
        var store = redis.NewPartition();
        await store.FenceAsync(Epoch);
        await store.OpenAsync(Epoch, 0);
        _partitions.Open(store.Number, Epoch, 0, redis.Connection.ConnectionNumber);
        return store;
    }

    /// <summary>With an account; its head and the account.</summary>
    private async Task<(ScriptPartition Store, RedisKey[] Keys)> LoadedAsync()
    {
        var store = await OpenAsync();
        await store.LoadAccountAsync(new ScriptCaller(Epoch, 0), 1, 100, "active", 1, -1, 0, 0);
        return (store, [PartitionMap.Meta(store.Number), PartitionMap.Account(store.Number, 1)]);
    }

    private static async Task AssertErrorsAsync(PrometheusRegistry registry, int count)
    {
        using var scrape = new MemoryStream();
        await registry.WriteAsync(scrape, CancellationToken.None);
        Assert.Contains(
            $"metering_script_errors_total {count}\n", Encoding.UTF8.GetString(scrape.ToArray()), StringComparison.Ordinal);
    }

    /// <summary>The answer of configure-account-2, by a reader that expects a number more.</summary>
    private readonly record struct LongerAnswer : IScriptAnswer<LongerAnswer>
    {
        public static readonly GuardedScript<LongerAnswer> Script = new("configure-account-2");

        public static int Length => 3;

        public static LongerAnswer Of(long[] values) => default;
    }

    /// <summary>The answer of load-3, by a reader that expects a number more.</summary>
    private readonly record struct LongerLoadAnswer : IScriptAnswer<LongerLoadAnswer>
    {
        public static readonly GuardedScript<LongerLoadAnswer> Script = new("load-3");

        public static int Length => 3;

        public static LongerLoadAnswer Of(long[] values) => default;
    }
}
