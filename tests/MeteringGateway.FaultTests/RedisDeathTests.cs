using MeteringGateway.Testing;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>kill -9 of Redis, with what it may find on its disk when it comes back.</summary>
public sealed class RedisDeathTests(FaultWorld world, ITestOutputHelper output) : IClassFixture<FaultWorld>
{
    private string Files => Path.Combine(world.Redis.DataDirectory, "appendonlydir");

    [Fact]
    public async Task Kill_WithAppendFsyncAlways_LosesNothing()
    {
        var (one, two) = (await world.StartGatewayAsync(), await world.StartGatewayAsync());
        await using var run = await world.OpenAsync("kill -9 of Redis, appendfsync always, three times", one, two);
        for (var i = 0; i < 3; i++)
        {
            await run.Load.AwaitMoreAsync(40);
            await world.Redis.KillAsync();
            await world.Redis.RestartAsync(CancellationToken.None);
        }

        await run.Load.AwaitMoreAsync(40);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Away_RefusesWithoutAProviderAndServesAfterItsReturn()
    {
        var gateway = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync("Redis away for 4 s", gateway);
        await run.Load.AwaitSuccessesAsync(40);
        await world.Redis.KillAsync();
        await Eventually.TrueAsync(
            async () => (await run.Load.CallAsync(gateway.Address, run.Keys[0])).Status == 503, () => "never refused");
        await run.Load.StopAsync();
        var reached = world.Alpha.Count + world.Beta.Count;
        var client = gateway.Client;
        var down = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(down) < TimeSpan.FromSeconds(4))
        {
            var answer = await client.QueryAsync(run.Keys[0].Secret, """{"surface":"two","number":1}""");
            Assert.Equal((503, "metering_unavailable"), ((int)answer.Status, answer.Code));
            Assert.True(answer.Headers.ContainsKey("Retry-After"));
        }

        Assert.Equal(reached, world.Alpha.Count + world.Beta.Count);
        await world.Redis.RestartAsync(CancellationToken.None);
        var back = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync(async () => (await run.Load.CallAsync(gateway.Address, run.Keys[0])).Succeeded, () => "no service");

        // For people: how long it takes is the machine's as much as ours.
        output.WriteLine($"service {TimeProvider.System.GetElapsedTime(back).TotalSeconds:0.00} s after the return");
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Kill_WithItsFilesGone_ForgetsOnlyWhatWasNotFlushed()
    {
        var (one, two) = (await world.StartGatewayAsync(), await world.StartGatewayAsync());
        await using var run = await world.OpenAsync("Redis killed and its files gone", one, two);
        await run.Load.AwaitMoreAsync(60);
        await run.LoseAsync(world.Redis.KillAsync);
        Directory.Delete(Files, recursive: true);
        await world.Redis.RestartAsync(CancellationToken.None);
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task FlushAll_UnderLoad_ForgetsOnlyWhatWasNotFlushed()
    {
        var (one, two) = (await world.StartGatewayAsync(), await world.StartGatewayAsync());
        await using var run = await world.OpenAsync("FLUSHALL, three times", one, two);
        for (var i = 0; i < 3; i++)
        {
            await run.Load.AwaitMoreAsync(60);
            await run.LoseAsync(() => RedisText.AskAsync(world.Redis, "FLUSHALL"));
        }

        // The same process, and nothing in it: no balance of zero, but none at all.
        await run.Load.AwaitMoreAsync(60);
        Assert.DoesNotContain(run.Load.Calls, call => call.Code == "insufficient_credits" && call.Account == run.RichAccount);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Kill_WithOlderFiles_ServesFromTheBooks()
    {
        var (one, two) = (await world.StartGatewayAsync(), await world.StartGatewayAsync());
        await using var run = await world.OpenAsync("Redis killed and restored from an older copy", one, two);
        await run.Load.AwaitMoreAsync(60);
        var copy = Files + ".copy";
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(Files))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        }

        await run.Load.AwaitMoreAsync(150);
        await Wait.ForAsync(LongRun.Pick(TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        await run.LoseAsync(world.Redis.KillAsync);
        Directory.Delete(Files, recursive: true);
        Directory.Move(copy, Files);
        await world.Redis.RestartAsync(CancellationToken.None);
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
    }

    [Theory]
    [InlineData("recovery-fenced")]
    [InlineData("recovery-drained")]
    public async Task Kill_OfTheGatewayThatRecovers_LeavesRecoveryToTheNext(string point)
    {
        var keeper = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync($"kill -9 of the recovering gateway, {point}", keeper);
        await run.Load.AwaitMoreAsync(40);
        await keeper.Kill9Async();
        await world.Redis.KillAsync();
        await world.Redis.RestartAsync(CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.StartGatewayAsync($"{point}:kill@5"));
        var next = await world.StartGatewayAsync();
        run.Gateways = [next];
        await run.Load.AwaitMoreAsync(40);
        await run.ExpectWholeAsync(output);
    }
}

/// <summary>The same on a Redis that syncs once a second, with the end of its file lost as a power cut would.</summary>
public sealed class RedisEverySecondTests(EverySecondWorld world, ITestOutputHelper output) : IClassFixture<EverySecondWorld>
{
    [Fact]
    public async Task Kill_WithTheLastSecondLost_ForgetsInTheCustomersFavour()
    {
        var (one, two) = (await world.StartGatewayAsync(), await world.StartGatewayAsync());
        await using var run = await world.OpenAsync("kill -9 of Redis, everysec, the end of its file cut off, three times", one, two);
        run.FileWasCut = true;
        for (var i = 0; i < 3; i++)
        {
            await run.Load.AwaitMoreAsync(60);
            await run.LoseAsync(world.Redis.KillAsync);
            var file = Directory.GetFiles(Path.Combine(world.Redis.DataDirectory, "appendonlydir"), "*.incr.aof")
                .Order(StringComparer.Ordinal).Last();
            await using (var stream = File.OpenWrite(file))
            {
                stream.SetLength(Math.Max(0, stream.Length - 20_000 - (i * 777)));
            }

            await world.Redis.RestartAsync(CancellationToken.None);
        }

        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
    }
}
