using MeteringGateway.Load.Report;
using MeteringGateway.Scenarios.LedgerChecks;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Results;

namespace MeteringGateway.Scenarios;

/// <summary>All that is told of one scenario's run. Immutable.</summary>
/// <param name="Phases">The load in NBomber's words.</param>
/// <param name="IsClosed">Whether a phase was of the closed model.</param>
/// <param name="CutShort">Why it ended before its time; null: it did not.</param>
/// <param name="OthersShare">Of this machine's processors, what programs outside the run took meanwhile.</param>
internal sealed record RunReport(
    string Scenario, string Contention, string Target, DateTimeOffset StartedAt, string Command, MachineFacts Machine, int Seed,
    string Phases, bool IsClosed, ScenarioResult Result, IReadOnlyList<ThresholdResult> Thresholds, LedgerVerdict Ledger, string? CutShort,
    double OthersShare)
{
    /// <summary>A run that was cut short has shown nothing, whatever it had measured by then.</summary>
    public bool Passed => CutShort is null && Ledger.Ok && Thresholds.All(threshold => threshold.Passed);
}
