using MeteringGateway.Scenarios;
using MeteringGateway.Scenarios.Contention;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Running;
using MeteringGateway.Scenarios.Targets;
using MeteringGateway.Testing;
using Npgsql;

namespace MeteringGateway.FunctionalTests.LoadTests;

/// <summary>One stack for all tests of the runner: a gateway, Redis, PostgreSQL and two providers.</summary>
public sealed class ScenarioWorld : IAsyncLifetime
{
    internal LocalStack Local { get; private set; } = null!;

    public async Task InitializeAsync() => Local = await LocalStack.StartAsync(mostOpen: 200, CancellationToken.None);
    public Task DisposeAsync() => Local.DisposeAsync().AsTask();
}

/// <summary>
/// The load runner on a real gateway: scenarios whose thresholds hold, and what a broken threshold and a broken ledger end with. How quick
/// a busy machine is decides nothing here: only thresholds that are exact are looked at.
/// </summary>
public sealed class ScenarioTests(ScenarioWorld stack) : IClassFixture<ScenarioWorld>, IDisposable
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private static readonly Scenario s_quick = Scenario.Named("quick", "Some calls.").By(rate: 30, s_second)
        .Step("query", call => call.Calls.QueryAsync(call.AnyKey, call.Cancellation))
        .Expect(Threshold.Only(Response.Charged));

    private readonly TemporaryDirectory _reports = new();

    [Theory]
    [InlineData("steady")]
    [InlineData("empty-accounts")]
    [InlineData("key-at-its-limit")]
    [InlineData("repeats")]
    [InlineData("streaming")]
    public async Task Run_OfAScenario_KeepsItsExactThresholds_AndARightLedger(string name)
    {
        var scenario = AllScenarios.InOrder.Single(one => one.Name == name);
        // The limit of 500 credits has to be reached.
        var settings = name == "key-at-its-limit"
            ? new RunSettings { Rate = 32, During = 4 * s_second }
            : new RunSettings { Rate = 40, During = s_second };
        var report = await new ScenarioRun(stack.Local, settings, new Unseen()).RunAsync(scenario, CancellationToken.None);
        Assert.DoesNotContain(report.Thresholds, threshold => !threshold.Passed && threshold.Kind == ThresholdKind.Exact);
        Assert.Equal([], report.Ledger.Problems);
        Assert.Null(report.CutShort);
        Assert.True(report.Result.Calls > 0);
    }

    [Fact]
    public async Task Run_WithAThresholdThatCanNotHold_EndsWith1_AndTellsIt()
    {
        var (code, output) = await RunAsync(s_quick, new RunSettings { P99 = TimeSpan.FromMicroseconds(1) });
        Assert.Equal(RunCommandLine.Failed, code);
        Assert.Contains("FAILED", output, StringComparison.Ordinal);
        Assert.Contains("ledger verify and ledger reconcile: ok", output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_reports.Path, "report.html", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Run_WithAllThatItWants_EndsWith0()
    {
        var (code, output) = await RunAsync(s_quick, new RunSettings());
        Assert.True(code == RunCommandLine.Good, output);
    }

    /// <summary>An account's balance is moved by one credit in PostgreSQL, behind the gateway's back, and put back afterwards.</summary>
    [Fact]
    public async Task Run_WithALedgerThatIsWrong_EndsWith1_AndTellsWhatIsWrong()
    {
        await MoveBalanceAsync(1);
        try
        {
            var (code, output) = await RunAsync(s_quick, new RunSettings());
            Assert.Equal(RunCommandLine.Failed, code);
            Assert.Contains("ledger: FAILED: ledger verify:", output, StringComparison.Ordinal);
        }
        finally
        {
            await MoveBalanceAsync(-1);
        }
    }

    [Fact]
    public async Task Run_StoppedByHand_ChecksItsLedger_AndSaysSo()
    {
        using var stop = new CancellationTokenSource();
        var scenario = Scenario.Named("stopped", "A run that is stopped.").By(rate: 50, TimeSpan.FromMinutes(10))
            .Step("query", async call =>
            {
                if (call.Number == 10)
                {
                    await stop.CancelAsync();
                }

                return await call.Calls.QueryAsync(call.AnyKey, call.Cancellation);
            })
            .Expect(Threshold.Only(Response.Charged));
        var report = await new ScenarioRun(stack.Local, new RunSettings(), new Unseen()).RunAsync(scenario, stop.Token);
        Assert.StartsWith("stopped by hand", report.CutShort, StringComparison.Ordinal);
        Assert.False(report.Passed);
        Assert.Equal([], report.Ledger.Problems);
        Assert.All(report.Thresholds, threshold => Assert.True(threshold.Passed, threshold.Actual));
    }

    /// <summary>
    /// The provider stands still for 300 ms of each second. What is due in the first 100 ms of a stall waits for 200 ms at least: in the
    /// stall, or, on a machine so busy that the call arrives after it, on the way. That is more than one call in a hundred, so the p99 is
    /// above half of the stall on any machine. A caller that waits for each answer has one call in a stall at most, however many it makes.
    /// </summary>
    [Fact]
    public async Task Stall_OfAProvider_ShowsInTheP99OfTheOpenModel_AndOnceForACallerThatWaits()
    {
        var (stall, stalled) = (TimeSpan.FromMilliseconds(300), 0);
        var start = TimeProvider.System.GetTimestamp();
        stack.Local.Primary.Script = _ =>
        {
            var within = TimeSpan.FromTicks(TimeProvider.System.GetElapsedTime(start).Ticks % s_second.Ticks);
            if (within >= stall)
            {
                return ProviderTurn.Well;
            }

            Interlocked.Increment(ref stalled);
            return new ProviderTurn(200, stall - within + TimeSpan.FromMilliseconds(2));
        };
        var scenario = Scenario.Named("stall", "A provider that stands still.")
            .Step("query", call => call.Calls.QueryAsync(call.AnyKey, call.Cancellation));
        try
        {
            var open = await DriveAsync(scenario.Simulate(_ => [new Inject(100, 2 * s_second)]));
            Assert.InRange(open.Charged.P99, stall / 2, TimeSpan.MaxValue);

            stalled = 0;
            var begin = TimeProvider.System.GetTimestamp();
            var closed = await DriveAsync(scenario.Simulate(_ => [new KeepConstant(1, 2 * s_second)]));
            var stalls = (int)TimeProvider.System.GetElapsedTime(begin).TotalSeconds + 2;
            Assert.InRange(stalled, 0, stalls);
            Assert.Equal(closed.Calls, closed.Charged.Count);
        }
        finally
        {
            stack.Local.Heal();
        }
    }

    [Fact]
    public async Task Foreign_ChecksItsLedgerByBalances()
    {
        var keys = await stack.Local.MakeAccountsAsync(2, credits: 100, keyLimit: null, CancellationToken.None);
        await using var foreign = new ForeignGateway(stack.Local.Gateway, keys.All, LocalStack.Flat, operatorToken: null, mostOpen: 10);
        Assert.Null(await foreign.ProblemAsync(CancellationToken.None));
        var check = foreign.LedgerCheck;
        await check.OpenAsync(CancellationToken.None);
        var answer = await foreign.Calls.QueryAsync(keys.All[0], CancellationToken.None);
        Assert.Equal((Response.Charged, 1), (answer.Outcome, answer.Credits));
        Assert.True((await check.CloseAsync([new ChargedAnswer(answer.RequestId!.Value, 1)], lost: 0, CancellationToken.None)).Ok);
        Assert.False((await check.CloseAsync([], lost: 0, CancellationToken.None)).Ok);
        Assert.False((await check.CloseAsync([new ChargedAnswer(answer.RequestId.Value, 2)], lost: 0, CancellationToken.None)).Ok);
    }

    public void Dispose() => _reports.Dispose();

    private async Task<Scenarios.Results.ScenarioResult> DriveAsync(Scenario scenario)
    {
        var report = await new ScenarioRun(stack.Local, new RunSettings(), new Unseen()).RunAsync(scenario, CancellationToken.None);
        Assert.Equal([], report.Ledger.Problems);
        return report.Result;
    }

    private async Task<(int Code, string Output)> RunAsync(Scenario scenario, RunSettings settings)
    {
        using var output = new StringWriter();
        var code = await new RunSession(output, output).RunAsync(
            stack.Local, [scenario], new RunRequest(settings, null, _reports.Path), CancellationToken.None);
        return (code, output.ToString());
    }

    private async Task MoveBalanceAsync(long credits)
    {
        await using var command = stack.Local.Stores.Ledger.Database.CreateCommand(
            "update accounts set credit_balance = credit_balance + @credits where id = 5000");
        command.Parameters.Add(new NpgsqlParameter<long>("credits", credits));
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    /// <summary>Nobody watches.</summary>
    private sealed class Unseen : Scenarios.Terminal.IProgressView
    {
        public Task WatchAsync(string scenario, Func<LoadProgress> look, CancellationToken until) => Task.CompletedTask;
    }
}
