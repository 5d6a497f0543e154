namespace MeteringGateway.Scenarios.Targets;

/// <summary>The keys that a scenario's callers have; never empty. Immutable.</summary>
internal sealed record KeyPool(IReadOnlyList<string> All)
{
    public KeyPool First(int count) => new([.. All.Take(count)]);
}
