using MeteringGateway.Scenarios.Model;

namespace MeteringGateway.Scenarios;

/// <summary>What the command line asked for, of every scenario of a run.</summary>
internal sealed record RunSettings
{
    /// <summary>Null: each scenario's own.</summary>
    public double? Rate { get; init; }

    /// <summary>Null: each scenario's own.</summary>
    public TimeSpan? During { get; init; }

    /// <summary>One more threshold: of charged calls; null: none.</summary>
    public TimeSpan? P99 { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Calls under way at once: more than any scenario needs that keeps up, fewer than a gateway's bound of connections.</summary>
    public int MostOpen { get; init; } = 1000;

    /// <summary>Runs of one scenario, whatever its rate and its length come to.</summary>
    public long MostRuns { get; init; } = 200_000;

    /// <summary>As it was typed, for who wants to repeat it.</summary>
    public string Command { get; init; } = "";

    public Dose DoseOf(Scenario scenario) => new(Rate ?? scenario.Dose.Rate, During ?? scenario.Dose.During);
}
