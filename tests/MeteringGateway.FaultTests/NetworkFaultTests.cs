using MeteringGateway.Testing;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>The line between a gateway and Redis: cut after the request and before the reply, silent, one-way, slow.</summary>
public sealed class NetworkFaultTests(FaultWorld world, ITestOutputHelper output) : IClassFixture<FaultWorld>
{
    [Fact]
    public async Task Line_CutBeforeTheReply_ChargesOnce()
    {
        await using var run = await OpenAsync("the line to Redis cut before the reply, 25 times");
        for (var i = 0; i < 25; i++)
        {
            world.RedisProxy.CutAfter(i * 53);
            await run.Load.AwaitMoreAsync(8);
        }

        await run.ExpectWholeAsync(output);
    }

    [Theory]
    [InlineData(ProxyMode.DropReplies, 3)]
    [InlineData(ProxyMode.BlackHole, 3)]
    [InlineData(ProxyMode.BlackHole, 10)]
    public async Task Line_Silent_AndBack_ChargesOnce(ProxyMode mode, int seconds)
    {
        var silence = LongRun.Pick(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds * 6));
        await using var run = await OpenAsync($"the line to Redis: {mode} for {silence.TotalSeconds:0} s");
        await run.Load.AwaitSuccessesAsync(40);
        world.RedisProxy.Set(mode);
        await Wait.ForAsync(silence);
        world.RedisProxy.Set(ProxyMode.Pass);
        await run.Load.AwaitMoreAsync(40);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Line_WithoutRepliesPastTheHoldsDeadline_TakesTheChargeBack()
    {
        await using var run = await OpenAsync("the line to Redis: no replies past the holds' deadline");
        await run.Load.AwaitSuccessesAsync(20);

        // Every client's call is with a provider when the replies stop, so that commits are what loses them.
        var both = run.Gateways;
        run.Gateways = [both[1]];
        await run.Load.AwaitMoreAsync(20);
        var answer = await run.HoldCallsAsync();
        world.RedisProxy.Set(ProxyMode.DropReplies);
        answer.SetResult();
        run.Gateways = both;
        await Wait.ForAsync(FaultWorld.HoldLifetime + TimeSpan.FromSeconds(5));
        world.RedisProxy.Set(ProxyMode.Pass);
        await Eventually.TrueAsync(
            () => Task.FromResult(run.Gateways.Any(gateway => gateway.Log.Contains(" is reversed.", StringComparison.Ordinal))),
            () => "no charge was taken back", TimeSpan.FromSeconds(20));
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Lines_ToBothStoresSilentAndTheGatewayDead_TellNobodyThatTheCallWasFree()
    {
        await using var run = await OpenAsync("no replies of Redis and no PostgreSQL past the holds' deadline, then kill -9");
        var (whole, cut) = (run.Gateways[0], run.Gateways[1]);
        run.Gateways = [cut];
        await run.Load.AwaitMoreAsync(20);
        var answer = await run.HoldCallsAsync();
        var before = run.Load.Calls.Count;
        world.RedisProxy.Set(ProxyMode.DropReplies);
        world.PostgresProxy.Set(ProxyMode.BlackHole);
        answer.SetResult();
        await Eventually.TrueAsync(
            () => Task.FromResult(run.Load.Calls.Count >= before + Workload.DefaultClients), () => "the calls never ended",
            TimeSpan.FromSeconds(30));
        var given = run.Load.Calls.Skip(before).Where(call => call.Took > TimeSpan.FromSeconds(4)).ToList();
        Assert.NotEmpty(given);
        Assert.All(given, call => Assert.Equal(0, call.Status));
        await cut.Kill9Async();
        world.RedisProxy.Set(ProxyMode.Pass);
        world.PostgresProxy.Set(ProxyMode.Pass);
        run.Gateways = [whole];
        await run.Load.AwaitMoreAsync(20);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Line_Slow_OnlyTakesLonger()
    {
        await using var run = await OpenAsync("the line to Redis slow: 40 ms each way");
        await run.Load.AwaitSuccessesAsync(20);
        world.RedisProxy.Delay = TimeSpan.FromMilliseconds(40);
        await run.Load.AwaitMoreAsync(100);
        world.RedisProxy.Delay = TimeSpan.Zero;
        await run.ExpectWholeAsync(output);
        Assert.DoesNotContain(run.Load.Calls, call => call.Status is not (200 or 402) && !(call.Status == 503 && run.StoodStill));
    }

    [Fact]
    public async Task Providers_ThatDieInMidBody_AreNotPaid()
    {
        var gateway = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync("providers that hang, reset and die in mid-body", gateway);
        var turn = 0;
        FakeReply Next() => (Interlocked.Increment(ref turn) % 6) switch
        {
            0 => FakeReply.Cut("""{"answer":42}""", 5),
            1 => FakeReply.Json("{}") with { Reset = true },
            2 => FakeReply.Error(503),
            3 => FakeReply.Cut("""{"answer":42}""", 3, chunked: true),
            _ => FakeReply.Json("""{"answer":42}"""),
        };
        (world.Alpha.Script, world.Beta.Script) = (_ => Next(), _ => Next());
        await run.Load.AwaitSuccessesAsync(150);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Providers_ThatDripPastTheDeadline_AreCutOffAndNotPaid()
    {
        var gateway = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync("providers that drip a byte at a time past the deadline", gateway);
        await run.Load.AwaitSuccessesAsync(20);
        await run.Load.StopAsync();
        var drip = FakeReply.Json("""{"answer":42,"more":"than two deadlines of drops"}""") with { Drip = TimeSpan.FromMilliseconds(150) };
        (world.Alpha.Script, world.Beta.Script) = (_ => drip, _ => drip);
        var calls = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => run.Load.CallAsync(gateway.Address, run.Keys[i % 2])));
        Assert.All(calls, call =>
        {
            Assert.Equal((504, "providers_timed_out"), (call.Status, call.Code));
            Assert.InRange(call.Took, TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(4.5));
        });
        await run.ExpectWholeAsync(output);
    }

    private async Task<FaultCase> OpenAsync(string fault)
    {
        world.RedisProxy.Set(ProxyMode.Pass);
        var cut = await world.StartGatewayAsync(throughProxies: true);
        var whole = await world.StartGatewayAsync();
        return await world.OpenAsync(fault, whole, cut);
    }
}
