using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Local.LocalServers;

public sealed class RedisServerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.ForRedis();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Redis_KilledAndRestarted_KeepsPortAndData()
    {
        await using var redis = await StartAsync();
        var port = redis.Port;
        await ExecuteAsync(redis, database => database.StringSetAsync("charge", "2"));

        await redis.KillAsync();
        await redis.RestartAsync(CancellationToken.None);

        Assert.Equal(port, redis.Port);
        Assert.Equal("2", await ExecuteAsync(redis, async database => (string?)await database.StringGetAsync("charge")));
    }

    [Fact]
    public async Task Redis_Started_HasTheSettingsThatTheGatewayInsistsOn()
    {
        await using var redis = await StartAsync();
        foreach (var (setting, value)
            in new[] { ("appendonly", "yes"), ("appendfsync", "always"), ("maxmemory-policy", "noeviction"), ("bind", "127.0.0.1") })
        {
            var found = await ExecuteAsync(redis, async database => (string[]?)await database.ExecuteAsync("CONFIG", "GET", setting));
            Assert.Equal([setting, value], found!);
        }
    }

    [Fact]
    public async Task Redis_WithPassword_RefusesWhoDoesNotKnowIt()
    {
        await using var redis = await StartAsync();
        await Assert.ThrowsAsync<RedisConnectionException>(() =>
            ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port},connectRetry=0"));
    }

    [Fact]
    public async Task Redis_PortTaken_SaysSo()
    {
        await using var first = await StartAsync();
        var refusal = await Assert.ThrowsAsync<LocalServerException>(() => RedisServer.StartAsync(
            _directory.In("second"), new RedisServerOptions { Port = first.Port }, TimeProvider.System, CancellationToken.None));
        Assert.Contains($"did not start on port {first.Port}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_PausedAndStopped_Ends()
    {
        await using var redis = await StartAsync();
        redis.Pause();
        await redis.StopAsync();
        Assert.False(ProcessSignal.Exists.SendTo(redis.Pid));
    }

    private Task<RedisServer> StartAsync() => RedisServer.StartAsync(
        _directory.In("redis"), new RedisServerOptions { Password = "s3cret" }, TimeProvider.System, CancellationToken.None);

    private static async Task<T> ExecuteAsync<T>(RedisServer redis, Func<IDatabase, Task<T>> command)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",allowAdmin=true");
        return await command(connection.GetDatabase());
    }
}
