using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>An update as an orchestrator makes it, and its way back: gateways of before and of now on the same stores.</summary>
public sealed class UpgradeTests(FaultWorld world, ITestOutputHelper output) : IClassFixture<FaultWorld>
{
    private const int Enough = 60;

    [Fact]
    public async Task OldAndNew_SideBySideUnderCalls_ChargeEachCallOnce()
    {
        var before = await OldBuild.FindAsync();
        Assert.True(before is not null, $"Neither this clone nor its origin has the commit {OldBuild.Commit}: git fetch --unshallow.");

        // Forward: old, both, new. The second old one stays: an older gateway does not start on a newer schema, but one that runs goes on.
        var (first, second) = (await world.StartBuildAsync(before), await world.StartBuildAsync(before));
        await using var run = await world.OpenAsync("update", first, second);
        await run.Load.AwaitMoreAsync(Enough);
        var now = await world.StartGatewayAsync();
        run.Gateways = [first, second, now];
        await run.Load.AwaitMoreAsync(Enough);
        run.Gateways = [now];
        Assert.Equal(0, await first.StopAsync());
        await run.Load.AwaitMoreAsync(Enough);

        // And back, with what the new one has written: new, both, old.
        run.Gateways = [now, second];
        await run.Load.AwaitMoreAsync(Enough);
        run.Gateways = [second];
        Assert.Equal(0, await now.StopAsync());
        await run.Load.AwaitMoreAsync(Enough);

        await run.ExpectWholeAsync(output);
    }
}
