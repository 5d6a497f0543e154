using System.Globalization;
using MeteringGateway.Testing;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>kill -9, SIGSTOP and SIGTERM of a gateway, at every step of a call and of a flush.</summary>
public sealed class GatewayDeathTests(FaultWorld world, ITestOutputHelper output) : IClassFixture<FaultWorld>
{
    [Theory]
    [InlineData("after-reserve", 40)]
    [InlineData("during-forward", 40)]
    [InlineData("after-answer", 40)]
    [InlineData("after-commit", 40)]
    [InlineData("reserve-sent", 40)]
    [InlineData("commit-sent", 40)]
    [InlineData("release-sent", 10)]
    [InlineData("before-release", 10)]
    [InlineData("flush-before-commit", 3)]
    [InlineData("flush-after-commit", 3)]
    [InlineData("flush-before-trim", 3)]
    [InlineData("flush-after-trim", 3)]
    public async Task Kill_AtThePoint_LeavesTheBooksWhole(string point, int passage)
    {
        var victim = await world.StartGatewayAsync($"{point}:kill@{passage}");
        var other = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync($"kill -9 of a gateway, {point}", other, victim);
        if (point.Contains("release", StringComparison.Ordinal))
        {
            var turn = 0;
            (world.Alpha.Script, world.Beta.Script) = (Next, Next);
            FakeReply Next(ReceivedRequest request) =>
                Interlocked.Increment(ref turn) % 3 == 0 ? FakeReply.Error(400) : FakeReply.Json("""{"answer":42}""");
        }

        Assert.Equal(137, await victim.Exited.WaitAsync(TimeSpan.FromSeconds(30)));
        await run.Load.AwaitMoreAsync(20);
        await run.ExpectWholeAsync(output);
        Assert.True(run.LongestOverdue < TimeSpan.FromSeconds(3), $"a hold outlived its deadline by {run.LongestOverdue}");
    }

    /// <summary>An answer that is held is charged before it is written; one that goes out as it comes, when it has ended.</summary>
    [Theory]
    [InlineData("mid-answer", 16 * 1024 * 1024)]
    [InlineData("mid-stream", 1024 * 1024)]
    public async Task Kill_WhileAnAnswerIsWritten_ChargesOnceOrNotAtAll(string point, int held)
    {
        var setting = ("Answers__HoldBytes", held.ToString(CultureInfo.InvariantCulture));
        var victim = await world.StartGatewayAsync($"{point}:kill@4", settings: setting);
        var other = await world.StartGatewayAsync(settings: setting);
        await using var run = await world.OpenAsync($"kill -9 of a gateway, {point}", other, victim);

        // More than the sockets on the way take at once, so that the answer is under way when the gateway dies.
        var large = FakeReply.Json($$"""{"answer":"{{new string('x', 12_000_000)}}"}""");
        (world.Alpha.Script, world.Beta.Script) = (_ => large, _ => large);
        Assert.Equal(137, await victim.Exited.WaitAsync(TimeSpan.FromSeconds(30)));
        var small = FakeReply.Json("""{"answer":42}""");
        (world.Alpha.Script, world.Beta.Script) = (_ => small, _ => small);
        await run.Load.AwaitMoreAsync(20);
        await run.ExpectWholeAsync(output);
    }

    [Theory]
    [InlineData("money-before-credit")]
    [InlineData("money-after-credit")]
    public async Task Kill_WithMoneyUnderWay_CreditsItOnce(string point)
    {
        var other = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync($"kill -9 of a gateway, {point}", other);
        var victim = await world.StartGatewayAsync($"{point}:kill@1");
        var reference = Guid.NewGuid().ToString();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => victim.Client.CreditAsync(run.RichAccount, 77, reference));
        run.NoteCredit(run.RichAccount, 77);

        // Twice by the operator, and by the sweeper too.
        await other.Client.CreditAsync(run.RichAccount, 77, reference);
        await other.Client.CreditAsync(run.RichAccount, 77, reference);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Freeze_PastTheHoldsLifetime_ChargesLateOrNotAtAll()
    {
        var victim = await world.StartGatewayAsync();
        var other = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync("a gateway frozen past its holds' lifetime", other, victim);
        await run.Load.AwaitSuccessesAsync(20);
        var slow = FakeReply.Json("""{"answer":42}""") with { Delay = TimeSpan.FromMilliseconds(300) };
        (world.Alpha.Script, world.Beta.Script) = (_ => slow, _ => slow);
        await run.Load.AwaitMoreAsync(5);
        victim.Pause();
        await Wait.ForAsync(FaultWorld.HoldLifetime + TimeSpan.FromSeconds(3));
        victim.Resume();
        await run.Load.AwaitMoreAsync(20);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Terminate_UnderLoad_EndsEveryCallInFlight()
    {
        var victim = await world.StartGatewayAsync();
        var other = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync("SIGTERM under load", other, victim);
        var slow = FakeReply.Json("""{"answer":42}""") with { Delay = TimeSpan.FromMilliseconds(500) };
        (world.Alpha.Script, world.Beta.Script) = (_ => slow, _ => slow);
        await run.Load.AwaitSuccessesAsync(20);
        await run.Load.StopAsync();
        var before = world.Alpha.Count;
        var mine = Enumerable.Range(0, 8).Select(_ => run.Load.CallAsync(victim.Address, run.Keys[0])).ToList();
        await world.Alpha.AwaitCountAsync(before + 8);
        Assert.Equal(0, await victim.StopAsync());
        Assert.All(await Task.WhenAll(mine), call => Assert.Equal(200, call.Status));
        Assert.DoesNotContain("left in the outbox", victim.Log, StringComparison.Ordinal);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Flushers_ThreeOnEveryPartition_WriteEachEntryOnce()
    {
        var gateways = new List<GatewayProcess>();
        for (var i = 0; i < 3; i++)
        {
            gateways.Add(await world.StartGatewayAsync("flush-before-commit:sleep:40,flush-before-trim:sleep:60"));
        }

        await using var run = await world.OpenAsync("three flushers on one partition, slow", [.. gateways]);
        await run.Load.AwaitSuccessesAsync(300);
        await run.ExpectWholeAsync(output);
    }
}
