using MeteringGateway.Engine.Scripts;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Scripts;

/// <summary>A gateway that stood still itself, or whose threads were busy, must not take the time for a silence of Redis.</summary>
public sealed class WorkingTimeTests : IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryDirectory _directory = new();
    private readonly HandTimer _time = new();

    [Fact]
    public void Elapsed_TickThatComesLate_CountsAsTwo()
    {
        using var working = Working(TimeSpan.FromSeconds(1));
        _time.Tick(s_tick);
        _time.Tick(TimeSpan.FromMinutes(1));

        Assert.Equal(3 * s_tick, working.Elapsed);
    }

    [Fact]
    public void Deadline_InWorkingTime_EndsTheWaitsThatBeganBefore()
    {
        using var working = Working(TimeSpan.FromMilliseconds(200));
        var first = working.Deadline;
        _time.Tick(s_tick);
        var second = working.Deadline;
        Assert.NotEqual(first, second);

        Repeat(2);
        Assert.False(first.IsCancellationRequested);
        Repeat(1);
        Assert.True(first.IsCancellationRequested);
        Assert.False(second.IsCancellationRequested);
        Repeat(1);
        Assert.True(second.IsCancellationRequested);
    }

    [Fact]
    public void Tick_StandsInTheQueueOfTheThreadPool_OnceAtATime()
    {
        var queue = new Queue<Action>();
        using var working = new WorkingTime(_time, TimeSpan.FromMilliseconds(200), queue.Enqueue);
        Repeat(20);

        var waiting = Assert.Single(queue);
        Assert.Equal(TimeSpan.Zero, working.Elapsed);
        waiting();
        Assert.Equal(2 * s_tick, working.Elapsed);
    }

    [Fact]
    public async Task Call_WhileThisProcessStandsStill_TakesTheAnswerThatCameMeanwhile()
    {
        await using var server = await StartAsync();
        await using var redis = new RedisConnection(
            server.ConnectionString, Working(RedisConnection.CallDeadline), NullLogger<RedisConnection>.Instance);
        Assert.True(await EchoAsync(redis));
        var connection = redis.ConnectionNumber;

        server.Pause();
        var call = EchoAsync(redis);
        _time.Tick(TimeSpan.FromSeconds(10));
        Assert.False(call.IsCompleted, "ten seconds in which nothing of this process ran were taken for a silence of Redis");
        server.Resume();

        Assert.True(await call);
        Assert.Equal(connection, redis.ConnectionNumber);
    }

    [Fact]
    public async Task Call_ToRedisThatIsSilent_EndsByItsDeadlineAsUnknown_AndTheConnectionIsMadeAnew()
    {
        await using var server = await StartAsync();
        await using var redis = new RedisConnection(
            server.ConnectionString, Working(RedisConnection.CallDeadline), NullLogger<RedisConnection>.Instance);
        Assert.True(await EchoAsync(redis));
        var connection = redis.ConnectionNumber;

        server.Pause();
        try
        {
            Repeat(5);
            var call = redis.ExecuteAsync("ECHO", (RedisValue)"here");
            Repeat(18);
            Assert.Equal(ReplyOutcome.Unknown, (await call).Outcome);
            Assert.True(redis.ConnectionNumber > connection, "the silent connection was kept");
        }
        finally
        {
            server.Resume();
        }
    }

    public void Dispose() => _directory.Dispose();

    private WorkingTime Working(TimeSpan deadline) => new(_time, deadline, tick => tick());

    private void Repeat(int ticks)
    {
        for (var i = 0; i < ticks; i++)
        {
            _time.Tick(s_tick);
        }
    }

    private static async Task<bool> EchoAsync(RedisConnection redis) =>
        (string?)(await redis.ExecuteAsync("ECHO", (RedisValue)"here")).Result == "here";

    private Task<RedisServer> StartAsync() =>
        RedisServer.StartAsync(_directory.In("redis"), new RedisServerOptions(), TimeProvider.System, CancellationToken.None);
}
