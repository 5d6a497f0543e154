using MeteringGateway.Testing;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>What clients do: they leave, they close half, and after an outage all of them come at once.</summary>
public sealed class ClientFaultTests(FaultWorld world, ITestOutputHelper output) : IClassFixture<FaultWorld>
{
    [Fact]
    public async Task Clients_ThatLeaveAtAnyInstant_AreChargedOnceOrNotAtAll()
    {
        var (one, two) = (await world.StartGatewayAsync(), await world.StartGatewayAsync());
        await using var run = await world.OpenAsync("clients that leave within 50 ms, and that close their half", one, two);
        var turn = 0;
        FakeReply Next() =>
            FakeReply.Json("""{"answer":42}""") with { Delay = TimeSpan.FromMilliseconds(Interlocked.Increment(ref turn) % 30) };
        (world.Alpha.Script, world.Beta.Script) = (_ => Next(), _ => Next());
        await using var leaving = LeavingClients.Start(run.Keys, () => run.Addresses);
        await Eventually.TrueAsync(() => Task.FromResult(leaving.Count >= 400), () => $"{leaving.Count} clients left");
        await run.Load.AwaitMoreAsync(40);
        output.WriteLine($"{leaving.Answered} of {leaving.Count} were answered");
        run.Load.Note(await leaving.StopAsync());
        await run.ExpectWholeAsync(output);
        Assert.True(leaving.Answered > 0, "no half-closed client was answered: nothing was shown of those");
    }

    [Fact]
    public async Task Storm_OfRetriesAfterAnOutage_IsServedAndOverspendsNothing()
    {
        var (one, two) = (await world.StartGatewayAsync(), await world.StartGatewayAsync());
        await using var run = await world.OpenAsync("64 clients without a pause after 5 s without Redis", one, two);
        await run.Load.AwaitSuccessesAsync(40);
        await world.Redis.KillAsync();
        await Wait.ForAsync(TimeSpan.FromSeconds(4));
        await using var storm = Workload.Start(run.Keys, () => run.Addresses, clients: 64, pause: TimeSpan.Zero);
        await Wait.ForAsync(TimeSpan.FromSeconds(1));
        await world.Redis.RestartAsync(CancellationToken.None);
        var back = TimeProvider.System.GetTimestamp();
        await storm.AwaitSuccessesAsync(1, TimeSpan.FromSeconds(10));
        output.WriteLine($"service {TimeProvider.System.GetElapsedTime(back).TotalSeconds:0.00} s after the return");
        await Wait.ForAsync(TimeSpan.FromSeconds(3));
        await storm.AwaitMoreAsync(100, TimeSpan.FromSeconds(10));
        run.Load.Note(await storm.StopAsync());
        await run.ExpectWholeAsync(output);
    }
}
