using MeteringGateway.Scenarios;
using MeteringGateway.Scenarios.Contention;

namespace MeteringGateway.Tests.LoadTests.Scenarios;

public sealed class RunCommandLineTests
{
    [Theory]
    [InlineData("", "scenario")]
    [InlineData("stedy", "'stedy' is no scenario. Right would be: steady, spike,")]
    [InlineData("steady --rat 3", "'--rat' is no")]
    [InlineData("steady --rate 0", "--rate '0' must be a number from 0.1 to 50000")]
    [InlineData("steady --duration soon", "--duration 'soon' must be a number from 1 to 3600")]
    [InlineData("steady --p99 -1", "--p99 '-1' must be a number from 0.001 to 600000")]
    [InlineData("steady --most-open 0", "--most-open '0' must be a whole number from 1 to 10000")]
    [InlineData("steady --url gateway", "--url 'gateway' must be an address like http://127.0.0.1:8080")]
    [InlineData("steady --url ftp://127.0.0.1", "--url 'ftp://127.0.0.1' must be an address like http://127.0.0.1:8080")]
    [InlineData("steady --url http://127.0.0.1:1", "--url needs --key-file")]
    [InlineData("steady --url http://127.0.0.1:1", "--url needs --surface")]
    [InlineData("steady --surface search", "--surface goes with --url alone")]
    [InlineData("steady --key-file /nowhere/keys", "--key-file '/nowhere/keys' must be a file that is there")]
    public async Task Run_WithWrongUsage_SaysWhatWouldBeRight(string arguments, string expected)
    {
        var (code, _, error) = await RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis-restart", "mg_live_x", "redis-restart runs on the local stack alone, without --url: it stops its own Redis.")]
    [InlineData("steady", "mg_test_x", "must have live keys (mg_live_…), one a line")]
    [InlineData("steady", "", "must have live keys (mg_live_…), one a line")]
    [InlineData("steady", "mg_live_x", "did not answer as a gateway does")]
    public async Task Run_AgainstAForeignAddress_RefusesWhatCanNotBe(string scenario, string keys, string expected)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, keys);

            // Port 1 is reserved and nobody's: the connection is refused at once.
            var (code, _, error) = await RunAsync(
                [scenario, "--url", "http://127.0.0.1:1", "--surface", "search", "--key-file", file]);
            Assert.Equal(2, code);
            Assert.Contains(expected, error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task List_NamesEachScenario()
    {
        var (code, output, _) = await RunAsync(["list"]);
        Assert.Equal(0, code);
        Assert.All(AllScenarios.InOrder, scenario => Assert.Contains(scenario.Name, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_SaysExitCodes_AndWhatCosts()
    {
        var (code, output, _) = await RunAsync(["--help"]);
        Assert.Equal(0, code);
        Assert.Contains("Exit codes: 0", output, StringComparison.Ordinal);
        Assert.Contains("costs credits", output, StringComparison.Ordinal);
    }

    /// <summary>A scenario that nothing can fail would be no test.</summary>
    [Fact]
    public void Scenarios_HaveThresholds_AndNamesOfTheirOwn()
    {
        Assert.Equal(13, AllScenarios.InOrder.Select(scenario => scenario.Name).Distinct().Count());
        Assert.All(AllScenarios.InOrder, scenario =>
        {
            Assert.NotEmpty(scenario.Steps);
            Assert.NotEmpty(scenario.Thresholds(scenario.Dose));
            Assert.NotEmpty(scenario.Load(scenario.Dose));
        });
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await RunCommandLine.RunAsync(arguments, output, error), output.ToString(), error.ToString());
    }
}
