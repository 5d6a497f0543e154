using System.Text;
using MeteringGateway.Credits;
using MeteringGateway.Observability;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Credits;

public sealed class ScriptRunnerTests(ScriptRedis redis) : IClassFixture<ScriptRedis>, IDisposable
{
    private const long Epoch = 8;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<EngineMetrics>().BuildServiceProvider();
    private readonly Partitions _partitions = new(new PartitionMap(8));

    private ScriptRunner Scripts => new(redis.Connection, _partitions, _services.GetRequiredService<EngineMetrics>());

    public void Dispose()
    {
        _partitions.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Run_UnderAnEpochThatIsOver_WritesNothing()
    {
        var partition = await OpenAsync();
        RedisKey[] keys = [PartitionMap.Meta(partition), PartitionMap.Account(partition, 1), PartitionMap.Holds(partition)];
        RedisValue[] account = [1, 100, "active", 1, -1, 0, 0];
        var load = MeteringGateway.Credits.LuaScript.Load("load-account-3");

        Assert.Equal(ScriptAnswer.Fenced, (await Scripts.RunUnderAsync(Epoch - 1, load, partition, keys, account)).Code);
        Assert.False((bool)(await redis.Connection.ExecuteAsync("EXISTS", keys[1])).Result!);
        Assert.Equal(1, (await Scripts.RunUnderAsync(Epoch, load, partition, keys, account)).Code);
    }

    [Fact]
    public async Task Run_OfAScriptThatFails_PutsItsPartitionInDoubtAndIsCounted()
    {
        var registry = _services.GetRequiredService<PrometheusRegistry>();
        var (partition, other) = (await OpenAsync(), await OpenAsync());
        RedisKey holds = PartitionMap.Holds(partition);
        Assert.True((await redis.Connection.ExecuteAsync("SET", holds, "damage")).Answered);

        var answer = await Scripts.RunAsync(MeteringGateway.Credits.LuaScript.Load("load-account-3"), partition,
            [PartitionMap.Meta(partition), PartitionMap.Account(partition, 1), holds], 1, 100, "active", 1, -1, 0, 0);

        Assert.Equal((ReplyOutcome.Unknown, 0), (answer.Outcome, answer.Code));
        Assert.Equal((true, 0), (_partitions.IsSuspect(partition), _partitions.Epoch(partition)));
        Assert.Equal((false, Epoch), (_partitions.IsSuspect(other), _partitions.Epoch(other)));
        using var scrape = new MemoryStream();
        await registry.WriteAsync(scrape, CancellationToken.None);
        Assert.Contains("metering_script_errors_total 1\n", Encoding.UTF8.GetString(scrape.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ThatTheClientRefusesToSend_WasNotExecuted()
    {
        await using var without = new RedisConnection(redis.ConnectionString + ",$EVAL=,$EVALSHA=", TimeProvider.System, NullLogger<RedisConnection>.Instance, TimeSpan.FromSeconds(30));
        Assert.True((await without.ExecuteAsync("GET", (RedisKey)"a")).Answered);
        var reply = await without.EvaluateAsync(MeteringGateway.Credits.LuaScript.Load("fence-1"), [PartitionMap.Meta(0)], [Epoch]);
        Assert.Equal(ReplyOutcome.NotExecuted, reply.Outcome);
    }

    private async Task<int> OpenAsync()
    {
        var store = redis.NewPartition();
        await store.FenceAsync(Epoch);
        await store.OpenAsync(Epoch, 0);
        _partitions.Open(store.Number, Epoch, 0, redis.Connection.Generation);
        return store.Number;
    }
}
