namespace MeteringGateway.Scenarios.Model;

/// <summary>One phase of a scenario's load. Phases run one after the other.</summary>
internal abstract record LoadSimulation(TimeSpan During)
{
    /// <summary>
    /// Open model: what comes back does not decide when the next one leaves. False: the closed model, whose latencies leave out the calls
    /// that a stalled server kept from being made (coordinated omission).
    /// </summary>
    public abstract bool IsOpen { get; }

    /// <summary>Arrivals per second at that time of the phase; 0 in the closed model.</summary>
    /// <param name="at">From the phase's begin.</param>
    /// <param name="before">The rate at which the phase before ended.</param>
    public abstract double RateAt(TimeSpan at, double before);
}

/// <summary>Open model: that many runs of the scenario a second, evenly, whatever came back.</summary>
internal sealed record Inject(double Rate, TimeSpan During) : LoadSimulation(During)
{
    public override bool IsOpen => true;
    public override double RateAt(TimeSpan at, double before) => Rate;
}

/// <summary>Open model: from the rate at which the phase before ended (0 at first) to this one, in a straight line.</summary>
internal sealed record RampingInject(double Rate, TimeSpan During) : LoadSimulation(During)
{
    public override bool IsOpen => true;
    public override double RateAt(TimeSpan at, double before) => before + ((Rate - before) * (at / During));
}

/// <summary>Closed model: that many copies, each of which begins its next run when the last one has ended.</summary>
internal sealed record KeepConstant(int Copies, TimeSpan During) : LoadSimulation(During)
{
    public override bool IsOpen => false;
    public override double RateAt(TimeSpan at, double before) => 0;
}

/// <summary>Nothing is sent.</summary>
internal sealed record Pause(TimeSpan During) : LoadSimulation(During)
{
    public override bool IsOpen => true;
    public override double RateAt(TimeSpan at, double before) => 0;
}
