using MeteringGateway.Load.Stack;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Reports;
using MeteringGateway.Scenarios.Targets;
using MeteringGateway.Scenarios.Terminal;

namespace MeteringGateway.Scenarios;

/// <summary>A whole run: the gateway, one scenario after the other, their reports, and what the process ends with.</summary>
internal sealed class RunSession(TextWriter output, TextWriter error)
{
    public async Task<int> RunAsync(IReadOnlyList<Scenario> scenarios, RunRequest request, CancellationToken stop)
    {
        try
        {
            await using var target = await TargetAsync(scenarios, request, stop);
            return target is null ? RunCommandLine.WrongUsage : await RunAsync(target, scenarios, request, stop);
        }
        catch (Exception e) when (e is LocalServerException or HttpRequestException or IOException or Npgsql.NpgsqlException)
        {
            await error.WriteLineAsync("The run broke off: " + e.Message);
            return RunCommandLine.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped before there was anything to tell.");
            return RunCommandLine.Failed;
        }
    }

    /// <summary>With a gateway that is there already.</summary>
    public async Task<int> RunAsync(Target target, IReadOnlyList<Scenario> scenarios, RunRequest request, CancellationToken stop)
    {
        var console = Consoles.For(output);
        IProgressView view = Consoles.IsTerminal(output) ? new LiveProgress(console) : new PlainProgress(output);
        var (run, reports) = (new ScenarioRun(target, request.Settings, view), new List<RunReport>());
        foreach (var scenario in scenarios.TakeWhile(_ => !stop.IsCancellationRequested))
        {
            var report = await run.RunAsync(scenario, stop);
            reports.Add(report);
            var folder = await ReportFiles.WriteAsync(request.Reports ?? ReportFiles.DefaultFolder, report);
            RunTables.Write(console, report, folder);
        }

        if (reports.Count > 1)
        {
            RunTables.WriteSummary(console, reports);
        }

        return reports.Count == scenarios.Count && reports.All(report => report.Passed) ? RunCommandLine.Good : RunCommandLine.Failed;
    }

    /// <returns>Null where it can't be; the reason has been told.</returns>
    private async Task<Target?> TargetAsync(IReadOnlyList<Scenario> scenarios, RunRequest request, CancellationToken stop)
    {
        if (request.Foreign is { } foreign)
        {
            return await ForeignAsync(scenarios, request, foreign, stop);
        }

        var servers = await ServerBinaries.FindAsync(stop);
        var missing = Programs.Missing(servers.Redis is null, servers.Postgres.Count == 0, wrk: false, nginx: false, lua: false);
        if (missing.Count > 0)
        {
            throw new LocalServerException(string.Join('\n', missing));
        }

        await error.WriteLineAsync("Starting a gateway, Redis, PostgreSQL and two providers on loopback …");
        return await LocalStack.StartAsync(request.Settings.MostOpen, stop);
    }

    private async Task<Target?> ForeignAsync(
        IReadOnlyList<Scenario> scenarios, RunRequest request, ForeignAddress foreign, CancellationToken stop)
    {
        var wrong = scenarios.Where(scenario => scenario.LocalOnly is not null)
            .Select(scenario => $"{scenario.Name} runs on the local stack alone, without --url: {scenario.LocalOnly}.").ToList();
        var lines = await File.ReadAllLinesAsync(foreign.KeyFile, stop);
        var keys = lines.Select(line => line.Trim()).Where(line => line.Length > 0).ToArray();
        if (keys.Length == 0 || !keys.All(key => key.StartsWith("mg_live_", StringComparison.Ordinal)))
        {
            wrong.Add($"--key-file '{foreign.KeyFile}' must have live keys (mg_live_…), one a line, each of another account.");
        }

        if (wrong.Count == 0)
        {
            var token = foreign.OperatorTokenFile is { } file ? (await File.ReadAllTextAsync(file, stop)).Trim() : null;
            var gateway = new ForeignGateway(foreign.Url, keys, foreign.Surface, token, request.Settings.MostOpen);
            if (await gateway.ProblemAsync(stop) is not { } problem)
            {
                var calls = scenarios.Sum(scenario => Math.Min(
                    request.Settings.MostRuns, Arrivals.Count(scenario.Load(request.Settings.DoseOf(scenario)))));
                await error.WriteLineAsync(
                    $"This costs credits: up to {Figures.Count(calls)} calls of {foreign.Surface} at {foreign.Url.Authority}, "
                    + $"paid by the accounts of {Figures.Count(keys.Length)} keys. Ctrl-C ends it.");
                return gateway;
            }

            wrong.Add(problem);
            await gateway.DisposeAsync();
        }

        foreach (var problem in wrong)
        {
            await error.WriteLineAsync(problem);
        }

        return null;
    }
}
