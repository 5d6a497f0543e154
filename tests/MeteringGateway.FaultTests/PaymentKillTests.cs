using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>A short run of the kills; a seed that ever failed is added here and stays.</summary>
public sealed class PaymentKillTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    public async Task Kill_BetweenAnyTwoStepsOfAPurchase_LeavesOneCreditForEachPayment(int seed)
    {
        await using var world = await PaymentWorld.StartAsync();
        await using var log = new StringWriter();

        var report = await new PaymentKills(world, seed, log).RunAsync(4);

        output.WriteLine(log.ToString());
        Assert.True(report.Problems.Count == 0, log.ToString());
        Assert.True(report is { Killed: > 0, Payments: > 2 }, log.ToString());
    }
}
