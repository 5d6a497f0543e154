using MeteringGateway.Compare;

namespace MeteringGateway.Tests.LoadTests;

public sealed class CompareCommandLineTests
{
    [Theory]
    [InlineData("--round 3", "'--round' is no verb, option or argument here.")]
    [InlineData("--round 3", "Right would be: ")]
    [InlineData("--rounds 0", "--rounds '0' must be a whole number from 1 to 100")]
    [InlineData("--fsync sometimes", "--fsync 'sometimes' must be of: everysec, always, with commas between them")]
    [InlineData("--only yarp", "--only 'yarp' must be of: bare, gateway, nginx, with commas between them")]
    [InlineData("growth --only heat", "--only 'heat' must be of: cold-start, cold, warm,")]
    [InlineData("streams --at-once 1", "--at-once '1' must be a whole number from 16 to 10000")]
    [InlineData("streams --minutes long", "--minutes 'long' must be a number from 0.01 to 60")]
    [InlineData("growth --accounts many", "--accounts 'many' must be a whole number from 1000 to 10000000")]
    public async Task Run_WithABadOption_SaysWhatWouldBeRight(string arguments, string expected)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(2, await CompareCommandLine.RunAsync(arguments.Split(' '), output, error));
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
    }
}
