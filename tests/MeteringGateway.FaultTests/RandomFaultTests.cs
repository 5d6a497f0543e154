using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>A short random run; a seed that ever failed is added here and stays.</summary>
public sealed class RandomFaultTests(FaultWorld world, ITestOutputHelper output) : IClassFixture<FaultWorld>
{
    [Theory]
    [InlineData(7)]
    public async Task Seed_OfTheShortRun_FindsNothing(int seed)
    {
        await using var log = new StringWriter();
        var report = await new RandomFaults(world, seed, log).RunAsync(1, TimeSpan.FromSeconds(15));
        output.WriteLine(log.ToString());
        Assert.True(report.Problems.Count == 0, log.ToString());
    }
}
