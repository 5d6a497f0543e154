using MeteringGateway.Testing;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>Threads of a gateway's pool that stand still, as they do in a library that waits for a name or a lock.</summary>
public sealed class ThreadPoolFaultTests(FaultWorld world, ITestOutputHelper output) : IClassFixture<FaultWorld>
{
    [Fact]
    public async Task Threads_SomeBlocked_OthersAreServed()
    {
        var gateway = await world.StartGatewayAsync("after-reserve:sleep:10000@21-60");
        await using var run = await world.OpenAsync("40 threads of a gateway blocked for 10 s", gateway);
        run.MayBeUncollected = true;
        await using var crowd = Workload.Start(run.Keys, () => run.Addresses, clients: 64);
        await crowd.AwaitSuccessesAsync(300);
        Assert.DoesNotContain(crowd.Calls, call => call.Took > TimeSpan.FromSeconds(9));
        run.Load.Note(await crowd.StopAsync());

        // One call may block two of the threads: a reserve whose answer came late is sent again.
        Assert.InRange(run.Load.Calls.Count(call => call.Took > TimeSpan.FromSeconds(9)), 20, 40);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Threads_AllBlocked_ChargeNothingTwiceAndCallsAreServedAfterwards()
    {
        var gateway = await world.StartGatewayAsync("after-reserve:sleep:4000@21-220");
        await using var run = await world.OpenAsync("200 threads of a gateway blocked for 4 s each", gateway);
        run.MayBeUncollected = true;
        await using var crowd = Workload.Start(run.Keys, () => run.Addresses, clients: 200);
        await crowd.AwaitSuccessesAsync(400, TimeSpan.FromSeconds(60));
        run.Load.Note(await crowd.StopAsync());
        await run.Load.AwaitMoreAsync(20);
        await run.ExpectWholeAsync(output);

        // Redis was well all the while: the wait for our own threads is nobody's silence but ours.
        Assert.DoesNotContain("Redis does not answer", gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("No call can be metered", gateway.Log, StringComparison.Ordinal);
    }
}
