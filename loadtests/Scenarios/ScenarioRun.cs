using System.Diagnostics;
using System.Globalization;
using MeteringGateway.Load.Measuring;
using MeteringGateway.Load.Report;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Running;
using MeteringGateway.Scenarios.Targets;
using MeteringGateway.Scenarios.Terminal;

namespace MeteringGateway.Scenarios;

/// <summary>One scenario from its keys to its report. One at a time for a target.</summary>
internal sealed class ScenarioRun(Target target, RunSettings settings, IProgressView view)
{
    /// <param name="stop">Ends the load; the ledger is checked all the same, and what was measured is told.</param>
    public async Task<RunReport> RunAsync(Scenario scenario, CancellationToken stop)
    {
        var (dose, local) = (settings.DoseOf(scenario), target as LocalStack);
        var phases = scenario.Load(dose);
        var startedAt = TimeProvider.System.GetUtcNow();
        var keys = await scenario.Setup(target, dose, stop);
        var check = target.LedgerCheck;
        await check.OpenAsync(stop);

        var (others, begin) = (ProcessTree.Others(), Stopwatch.GetTimestamp());
        using var driver = new LoadDriver(scenario, dose, keys, target.Calls, settings.Seed, settings.MostOpen, settings.MostRuns);
        using var over = new CancellationTokenSource();
        var watching = view.WatchAsync(scenario.Name, driver.Recorder.Look, over.Token);
        var trouble = MakeTroubleAsync(scenario, local, dose, stop);
        var length = await driver.RunAsync(stop);
        others = ProcessTree.Share(ProcessTree.Others() - others, Stopwatch.GetElapsedTime(begin));
        await over.CancelAsync();
        await watching;
        var found = await trouble;
        await (local?.MendAsync() ?? Task.CompletedTask);

        var (answers, lost) = driver.Recorder.Charges();
        var result = driver.Recorder.Result(length);
        Threshold[] thresholds =
        [
            .. scenario.Thresholds(dose), .. found, .. settings.P99 is { } p99 ? [Threshold.P99(p99)] : Array.Empty<Threshold>(),
        ];
        return new RunReport(
            scenario.Name, scenario.Contention, target.Title, startedAt, settings.Command, await Machine.FactsAsync(CancellationToken.None),
            settings.Seed, string.Join(", ", phases.Select(Words)), phases.Any(phase => !phase.IsOpen), result,
            [.. thresholds.Select(threshold => threshold.Evaluate(result))],
            await check.CloseAsync(answers, lost, CancellationToken.None), CutShort(phases, length, stop),
            Math.Clamp(others, 0, 1));
    }

    private static async Task<IReadOnlyList<Threshold>> MakeTroubleAsync(
        Scenario scenario, LocalStack? local, Dose dose, CancellationToken stop)
    {
        try
        {
            return scenario.Trouble is { } trouble && local is not null ? await trouble(local, dose, stop) : [];
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return [];
        }
    }

    private string? CutShort(IReadOnlyList<LoadSimulation> phases, TimeSpan length, CancellationToken stop) =>
        stop.IsCancellationRequested ? string.Create(CultureInfo.InvariantCulture, $"stopped by hand after {length.TotalSeconds:F0} s")
        : length < Arrivals.Length(phases)
            ? string.Create(CultureInfo.InvariantCulture, $"ended after {settings.MostRuns:N0} runs, the bound of --most-runs")
        : null;

    private static string Words(LoadSimulation phase) => phase switch
    {
        Inject inject => FormattableString.Invariant($"Inject {inject.Rate:0.##}/s for {phase.During.TotalSeconds:0.##} s"),
        RampingInject ramp => FormattableString.Invariant($"RampingInject to {ramp.Rate:0.##}/s in {phase.During.TotalSeconds:0.##} s"),
        KeepConstant keep => FormattableString.Invariant($"KeepConstant {keep.Copies} copies for {phase.During.TotalSeconds:0.##} s"),
        _ => FormattableString.Invariant($"Pause {phase.During.TotalSeconds:0.##} s"),
    };
}
