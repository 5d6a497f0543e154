using MeteringGateway.Credits;
using MeteringGateway.LocalServers;
using MeteringGateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Credits;

public sealed class ScriptRunnerTests
{
    [Fact]
    public async Task Run_UnderAnEpochThatIsOver_WritesNothing()
    {
        using var directory = TemporaryDirectory.ForRedis();
        await using var server = await RedisServer.StartAsync(directory.In("redis"), new RedisServerOptions(), TimeProvider.System, CancellationToken.None);
        await using var redis = new RedisConnection(server.ConnectionString, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        using var partitions = new Partitions(new PartitionMap(1));
        var scripts = new ScriptRunner(redis, partitions);
        RedisKey meta = PartitionMap.Meta(0);
        await redis.ExecuteAsync("HSET", meta, "epoch", 8, "gen", 1);
        partitions.Open(0, 8, 1, redis.Generation);
        RedisKey[] keys = [meta, PartitionMap.Account(0, 1), PartitionMap.Holds(0)];
        RedisValue[] account = [1, 100, "active", 1, -1, 0, 0];
        var load = MeteringGateway.Credits.LuaScript.Load("load-account-3");

        Assert.Equal(ScriptAnswer.Fenced, (await scripts.RunUnderAsync(7, load, 0, keys, account)).Code);
        Assert.False((bool)(await redis.ExecuteAsync("EXISTS", keys[1])).Result!);
        Assert.Equal(1, (await scripts.RunUnderAsync(8, load, 0, keys, account)).Code);
    }
}
