using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Scripts;

public sealed class WriteProbeTests
{
    [Fact]
    public async Task Ask_OfARedisThatRefusesWrites_SaysWhy_AndAsksAgainAfterASecondOnly()
    {
        using var directory = TemporaryDirectory.ForRedis();
        await using var server = await RedisServer.StartAsync(
            directory.In("redis"), new RedisServerOptions(), TimeProvider.System, CancellationToken.None);
        await using var redis = new RedisConnection(
            server.ConnectionString, TimeProvider.System, NullLogger<RedisConnection>.Instance, TimeSpan.FromSeconds(30));
        using var partitions = new Partitions(new PartitionMap(3), new PartitionEpochs(new PartitionMap(3)));
        var clock = new HandClock();
        var probe = new WriteProbe(redis, partitions, clock);

        Assert.Null(await probe.AskAsync());
        for (var partition = 0; partition < 3; partition++)
        {
            Assert.InRange((long)(await redis.ExecuteAsync("TTL", (RedisKey)PartitionMap.Probe(partition))).Result!, 0, 60);
        }

        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        Assert.Null(await probe.AskAsync());
        clock.Step(TimeSpan.FromSeconds(1));
        Assert.StartsWith("OOM", await probe.AskAsync(), StringComparison.Ordinal);

        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        Assert.NotNull(await probe.AskAsync());
        clock.Step(TimeSpan.FromSeconds(1));
        Assert.Null(await probe.AskAsync());
    }

    private sealed class HandClock : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Step(TimeSpan step) => _ticks += step.Ticks;
    }
}
