namespace MeteringGateway.Scenarios.Model;

/// <summary>
/// When the runs of open phases are due, from the begin of the load. Run i of a phase is due when the area under its rate reaches i, so
/// that a ramp is as even as a constant rate. Pure.
/// </summary>
internal static class Arrivals
{
    public static TimeSpan Length(IEnumerable<LoadSimulation> phases) =>
        phases.Aggregate(TimeSpan.Zero, (sum, phase) => sum + phase.During);

    public static long Count(IReadOnlyList<LoadSimulation> phases) => Phases(phases).Sum(phase => Count(phase.Simulation, phase.Before));

    /// <summary>Runs that a phase asks for: the whole area under its rate.</summary>
    /// <param name="before">The rate at which the phase before ended.</param>
    public static long Count(LoadSimulation phase, double before) =>
        (long)Math.Round((phase.RateAt(TimeSpan.Zero, before) + phase.RateAt(phase.During, before)) / 2 * phase.During.TotalSeconds);

    /// <summary>Of all open phases, in order; a closed one leaves its time empty.</summary>
    public static IEnumerable<TimeSpan> Due(IReadOnlyList<LoadSimulation> phases)
    {
        foreach (var (simulation, before, begin) in Phases(phases))
        {
            foreach (var due in Due(simulation, before))
            {
                yield return begin + due;
            }
        }
    }

    /// <summary>Of one phase, from its begin.</summary>
    public static IEnumerable<TimeSpan> Due(LoadSimulation phase, double before)
    {
        var count = Count(phase, before);
        for (long i = 0; i < count; i++)
        {
            yield return At(phase, before, i);
        }
    }

    /// <summary>Runs wanted in that second of the load, by the area under the rate.</summary>
    public static double Wanted(IReadOnlyList<LoadSimulation> phases, int second)
    {
        var (from, to) = (TimeSpan.FromSeconds(second), TimeSpan.FromSeconds(second + 1));
        var wanted = 0.0;
        foreach (var (simulation, before, begin) in Phases(phases))
        {
            var (first, last) = (Later(from, begin), Earlier(to, begin + simulation.During));
            if (first < last)
            {
                var mean = (simulation.RateAt(first - begin, before) + simulation.RateAt(last - begin, before)) / 2;
                wanted += mean * (last - first).TotalSeconds;
            }
        }

        return wanted;
    }

    /// <summary>Each phase with the rate before it and its begin.</summary>
    public static IEnumerable<(LoadSimulation Simulation, double Before, TimeSpan Begin)> Phases(IEnumerable<LoadSimulation> phases)
    {
        var (before, begin) = (0.0, TimeSpan.Zero);
        foreach (var phase in phases)
        {
            yield return (phase, before, begin);
            (before, begin) = (phase.RateAt(phase.During, before), begin + phase.During);
        }
    }

    /// <summary>
    /// The time t at which the area r·t + (s−r)·t²/2D is i, for a rate that goes from r to s in D: the positive root, in the form that does
    /// not divide by s−r, which is 0 for a constant rate.
    /// </summary>
    private static TimeSpan At(LoadSimulation phase, double before, long i)
    {
        var (first, last) = (phase.RateAt(TimeSpan.Zero, before), phase.RateAt(phase.During, before));
        var slope = (last - first) / phase.During.TotalSeconds;
        var root = first + Math.Sqrt(Math.Max(0, (first * first) + (2 * slope * i)));
        return i == 0 ? TimeSpan.Zero : Earlier(TimeSpan.FromSeconds(2 * i / root), phase.During);
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
