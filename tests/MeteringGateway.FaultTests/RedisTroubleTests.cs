using System.Diagnostics;
using System.Net;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>
/// A Redis that lives but does not do what it should: frozen, out of memory, out of disk, forgetful of scripts, with another time.
/// </summary>
public sealed class RedisTroubleTests(FaultWorld world, ITestOutputHelper output) : IClassFixture<FaultWorld>
{
    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    public async Task Freeze_PastEveryTimeout_AndThaw_ChargesOnce(int seconds)
    {
        var (one, two) = (await world.StartGatewayAsync(), await world.StartGatewayAsync());
        await using var run = await world.OpenAsync($"Redis frozen for {seconds} s", one, two);
        await run.Load.AwaitSuccessesAsync(40);
        world.Redis.Pause();
        await Wait.ForAsync(TimeSpan.FromSeconds(seconds));
        world.Redis.Resume();
        await run.Load.AwaitMoreAsync(40);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Memory_Short_RefusesNewCallsAndSettlesThoseUnderWay()
    {
        var gateway = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync("Redis out of memory", gateway);
        await run.Load.AwaitSuccessesAsync(40);
        var answer = await run.HoldCallsAsync();
        await CommandAsync("CONFIG", "SET", "maxmemory", "1mb");
        await Eventually.TrueAsync(
            async () => (await run.Load.CallAsync(gateway.Address, run.Keys[0])).Status == 503, () => "never refused");
        var before = run.Load.Calls.Count(call => call.Succeeded);
        answer.SetResult();
        await run.Load.AwaitSuccessesAsync(before + Workload.DefaultClients);
        await gateway.AwaitReadyzAsync(HttpStatusCode.ServiceUnavailable);

        // What the ledger has leaves Redis while memory is short: nothing else would give the memory back.
        await Eventually.TrueAsync(async () => await WaitingAsync() == 0, () => "the outbox stays full");
        await CommandAsync("CONFIG", "SET", "maxmemory", "0");
        await gateway.AwaitReadyzAsync(HttpStatusCode.OK);
        await run.Load.AwaitMoreAsync(40);
        await run.ExpectWholeAsync(output);
        Assert.DoesNotContain(run.Load.Calls, call => call.Status is not (200 or 402 or 503));
    }

    [Fact]
    public async Task Disk_Full_RefusesUntilThereIsRoomAgain()
    {
        var gateway = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync("the disk of Redis full", gateway);
        await run.Load.AwaitSuccessesAsync(40);

        // A limit on the size of its files is what a process sees of a full disk. Under "always" Redis ends itself then.
        await LimitFilesAsync(world.Redis.Pid, 1);
        await world.Redis.Process.Exited.WaitAsync(TimeSpan.FromSeconds(20));
        await Eventually.TrueAsync(
            async () => (await run.Load.CallAsync(gateway.Address, run.Keys[0])).Status == 503, () => "never refused");
        await world.Redis.RestartAsync(CancellationToken.None);
        await run.Load.AwaitMoreAsync(40);
        await run.ExpectWholeAsync(output);
    }

    [Theory]
    [InlineData("maxmemory-policy", "allkeys-lru", "noeviction")]
    [InlineData("appendonly", "no", "yes")]
    public async Task Setting_ChangedWhileItRuns_RefusesUntilItIsRightAgain(string setting, string wrong, string right)
    {
        var gateway = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync($"{setting} {wrong}, set while Redis runs", gateway);
        await run.Load.AwaitSuccessesAsync(40);
        await CommandAsync("CONFIG", "SET", setting, wrong);
        await Eventually.TrueAsync(
            async () => (await run.Load.CallAsync(gateway.Address, run.Keys[0])).Status == 503, () => "never refused");
        await CommandAsync("CONFIG", "SET", setting, right);
        await run.Load.AwaitMoreAsync(40);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Scripts_Forgotten_AgainAndAgain_AreSentAgain()
    {
        var (one, two) = (await world.StartGatewayAsync(), await world.StartGatewayAsync());
        await using var run = await world.OpenAsync("SCRIPT FLUSH, 30 times", one, two);
        for (var i = 0; i < 30; i++)
        {
            await run.Load.AwaitMoreAsync(4);
            await CommandAsync("SCRIPT", "FLUSH");
        }

        await run.ExpectWholeAsync(output);
        Assert.DoesNotContain(run.Load.Calls, call => call.Status is not (200 or 402));
    }

    [Fact]
    public async Task Clock_JumpingAnHourAheadAndBack_GivesNoHoldOfARunningCallBack()
    {
        var (one, two) = (await world.StartGatewayAsync(), await world.StartGatewayAsync());
        await using var run = await world.OpenAsync("the clock of Redis an hour ahead and back", one, two);
        await run.Load.AwaitSuccessesAsync(40);
        var slow = FakeReply.Json("""{"answer":42}""") with { Delay = TimeSpan.FromSeconds(1.7) };
        (world.Alpha.Script, world.Beta.Script) = (_ => slow, _ => slow);

        // Both gateways have looked at the clock by now, and calls of nearly two seconds are under way.
        await run.Load.AwaitMoreAsync(8);
        await SetClockAsync(3_600_000);
        await run.Load.AwaitMoreAsync(30);
        await SetClockAsync(0);
        await run.Load.AwaitMoreAsync(8);
        await run.ExpectWholeAsync(output);
        Assert.DoesNotContain("had expired", one.Log + two.Log, StringComparison.Ordinal);
    }

    private async Task SetClockAsync(long offset)
    {
        await using var redis = new RedisConnection(
            world.Stores.RedisConnection, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        for (var partition = 0; partition < FaultWorld.Partitions; partition++)
        {
            await StateFields.ShiftClockAsync(redis, partition, offset);
        }
    }

    private async Task<long> WaitingAsync()
    {
        await using var redis = new RedisConnection(
            world.Stores.RedisConnection, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        var lengths = await Task.WhenAll(Enumerable.Range(0, FaultWorld.Partitions).Select(
            partition => redis.ExecuteAsync("LLEN", (RedisKey)PartitionMap.Outbox(partition))));
        return lengths.Sum(length => (long)length.Result!);
    }

    private async Task CommandAsync(string command, params object[] arguments)
    {
        await using var redis = new RedisConnection(
            world.Stores.RedisConnection, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        var reply = await redis.ExecuteAsync(command, arguments);
        Assert.True(reply.Answered, reply.Reason);
    }

    private static async Task LimitFilesAsync(int pid, long bytes)
    {
        using var prlimit = Process.Start(
            "prlimit", ["--pid", pid.ToString(System.Globalization.CultureInfo.InvariantCulture), $"--fsize={bytes}:unlimited"]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }
}
