using System.Diagnostics;
using System.Globalization;
using System.Net;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>A Redis that syncs once a second and can't write its file: it lives on and refuses every write.</summary>
public sealed class DiskFaultTests(EverySecondWorld world, ITestOutputHelper output) : IClassFixture<EverySecondWorld>
{
    [Fact]
    public async Task Disk_FullUnderEverySecond_RefusesUntilThereIsRoomAgain()
    {
        await using var redis = await RestartWithoutTheSignalAsync();
        var gateway = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync("the disk of Redis full, everysec", gateway);
        await run.Load.AwaitSuccessesAsync(40);
        await LimitFilesAsync(redis.Pid, "1");
        await Eventually.TrueAsync(
            async () => (await run.Load.CallAsync(gateway.Address, run.Keys[0])).Status == 503, () => "never refused");
        Assert.False(redis.Process.Exited.IsCompleted, "Redis ended itself");
        await run.Load.StopAsync();
        var reached = world.Alpha.Count + world.Beta.Count;
        for (var i = 0; i < 20; i++)
        {
            var refused = await run.Load.CallAsync(gateway.Address, run.Keys[0]);
            Assert.Equal((503, "metering_unavailable"), (refused.Status, refused.Code));
        }

        Assert.Equal(reached, world.Alpha.Count + world.Beta.Count);
        await gateway.AwaitReadyzAsync(HttpStatusCode.ServiceUnavailable);
        await LimitFilesAsync(redis.Pid, "unlimited");
        await gateway.AwaitReadyzAsync(HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => (await run.Load.CallAsync(gateway.Address, run.Keys[0])).Succeeded, () => "no service");
        await run.ExpectWholeAsync(output);
    }

    /// <summary>
    /// The kernel kills who writes past the limit on its files, which no full disk does, unless the signal is ignored from the start.
    /// </summary>
    private async Task<RedisServer> RestartWithoutTheSignalAsync()
    {
        var redis = (await ServerBinaries.FindAsync(CancellationToken.None)).Redis!;
        using var directory = new TemporaryDirectory();
        var script = directory.In("redis.sh");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\ntrap '' XFSZ\nexec '{redis}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        await world.Redis.StopAsync();
        return await RedisServer.StartAsync(
            script, world.Redis.DataDirectory, world.RedisOptions with { Port = world.Redis.Port }, TimeProvider.System,
            CancellationToken.None);
    }

    private static async Task LimitFilesAsync(int pid, string bytes)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", pid.ToString(CultureInfo.InvariantCulture), $"--fsize={bytes}:unlimited"]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }
}
