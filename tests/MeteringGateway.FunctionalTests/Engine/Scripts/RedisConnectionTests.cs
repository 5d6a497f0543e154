using System.Diagnostics;
using MeteringGateway.Engine.Scripts;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Scripts;

/// <summary>
/// Where a caller goes on after an answer: the client completes its tasks wherever it stands, on the thread that reads its socket too.
/// </summary>
public sealed class RedisConnectionTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    [Fact]
    public async Task Caller_AfterAnAnswer_NeverGoesOnInsideTheClient()
    {
        var inside = await Task.WhenAll(Enumerable.Range(0, 32).Select(async caller =>
        {
            var seen = 0;
            for (var i = 0; i < 100; i++)
            {
                _ = (caller + i) % 25 == 0 ? await InfoAsync() : await EchoAsync();
                seen += IsInsideTheClient() ? 1 : 0;
            }

            return seen;
        }));

        Assert.Equal(0, inside.Sum());
    }

    [Fact]
    public async Task Caller_ThatBlocks_HoldsUpNobodyElse()
    {
        using var others = new ManualResetEventSlim();
        var blocked = Task.Run(async () =>
        {
            await EchoAsync();
            return others.Wait(TimeSpan.FromSeconds(20));
        });
        for (var i = 0; i < 200; i++)
        {
            Assert.True(await EchoAsync());
        }

        others.Set();
        Assert.True(await blocked, "the others had to wait for the caller that blocked");
    }

    [Fact]
    public async Task Script_ThatRedisHasForgotten_RunsAllTheSame()
    {
        var script = RedisScript.Load("time-1");
        Assert.True((await redis.Connection.EvaluateAsync(script, ["{p0}:meta"], [1, 0])).Answered);
        for (var i = 0; i < 10; i++)
        {
            Assert.True((await redis.Connection.ExecuteAsync("SCRIPT", "FLUSH")).Answered);
            var replies = await Task.WhenAll(
                Enumerable.Range(0, 20).Select(_ => redis.Connection.EvaluateAsync(script, ["{p0}:meta"], [1, 0])));
            Assert.All(replies, reply => Assert.True(reply.Answered, reply.Reason));
        }
    }

    private async Task<bool> EchoAsync() =>
        (string?)(await redis.Connection.ExecuteAsync("ECHO", (RedisValue)"here")).Result == "here";

    private async Task<bool> InfoAsync() => await redis.Connection.InfoAsync() is { Count: 1 };

    private static bool IsInsideTheClient() =>
        new StackTrace().GetFrames().Any(frame => frame.GetMethod()?.DeclaringType?.Assembly == typeof(ConnectionMultiplexer).Assembly);
}
