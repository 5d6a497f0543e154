using MeteringGateway.Scenarios.Targets;

namespace MeteringGateway.Scenarios.Model;

/// <summary>How much load: what the scenario has by itself, or what the command line says in its place.</summary>
/// <param name="Rate">Runs a second at the highest; copies in the closed model.</param>
internal readonly record struct Dose(double Rate, TimeSpan During)
{
    public TimeSpan Part(double share) => During * share;
}

/// <summary>
/// One kind of contention: who calls (<see cref="Setup"/>), what (<see cref="Steps"/>), how often (<see cref="Load"/>), what goes wrong
/// meanwhile (<see cref="Trouble"/>), and what must hold (<see cref="Thresholds"/>). Immutable; made by <see cref="Named"/> and the
/// words that follow it.
/// </summary>
internal sealed record Scenario
{
    private Scenario(string name, string contention) => (Name, Contention) = (name, contention);

    public string Name { get; }

    /// <summary>What calls compete for, or what is in their way, in one sentence.</summary>
    public string Contention { get; }

    /// <summary>Why it can't go to a foreign gateway; null where it can.</summary>
    public string? LocalOnly { get; private init; }

    public Dose Dose { get; private init; } = new(200, TimeSpan.FromSeconds(15));
    public IReadOnlyList<Step> Steps { get; private init; } = [];
    public Func<Dose, IReadOnlyList<LoadSimulation>> Load { get; private init; } = dose => [new Inject(dose.Rate, dose.During)];
    public Func<Dose, IReadOnlyList<Threshold>> Thresholds { get; private init; } = _ => [];

    /// <summary>The keys of the callers.</summary>
    public Func<Target, Dose, CancellationToken, Task<KeyPool>> Setup { get; private init; } =
        (target, _, _) => Task.FromResult(target.Keys);

    /// <summary>Runs beside the load; what it finds out are thresholds, too.</summary>
    public Func<LocalStack, Dose, CancellationToken, Task<IReadOnlyList<Threshold>>>? Trouble { get; private init; }

    public static Scenario Named(string name, string contention) => new(name, contention);

    public Scenario OnLocalStackOnly(string because) => this with { LocalOnly = because };
    public Scenario By(double rate, TimeSpan during) => this with { Dose = new Dose(rate, during) };
    public Scenario Step(string name, Func<StepContext, Task<Response>> run) => this with { Steps = [.. Steps, new Step(name, run)] };
    public Scenario Simulate(Func<Dose, IReadOnlyList<LoadSimulation>> load) => this with { Load = load };
    public Scenario Expect(params Threshold[] thresholds) => Expect(_ => thresholds);
    public Scenario Expect(Func<Dose, IReadOnlyList<Threshold>> thresholds) => this with { Thresholds = thresholds };
    public Scenario CalledBy(Func<Target, Dose, CancellationToken, Task<KeyPool>> setup) => this with { Setup = setup };

    /// <summary>Stores and providers are the local stack's, so such a scenario runs nowhere else.</summary>
    public Scenario Meanwhile(Func<LocalStack, Dose, CancellationToken, Task<IReadOnlyList<Threshold>>> trouble) =>
        this with { Trouble = trouble };
}
