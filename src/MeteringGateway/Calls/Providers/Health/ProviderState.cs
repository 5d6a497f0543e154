namespace MeteringGateway.Calls.Providers.Health;

/// <summary>What an operator sees of a provider in <c>GET /admin/providers</c>, as this gateway sees it.</summary>
/// <param name="Name">That of its cluster.</param>
/// <param name="State">The best of its destinations: <c>closed</c> (calls go to it), <c>half_open</c> (the next call tries it),
/// <c>open</c> (it is passed over while another provider is left).</param>
internal sealed record ProviderState(string Name, string State, IReadOnlyList<ProviderDestination> Destinations);

/// <param name="Id">Its name in the cluster.</param>
/// <param name="Address">Without what may be secret in it.</param>
/// <param name="State">As the provider's.</param>
/// <param name="Reason">Why it is not closed.</param>
/// <param name="CircuitEnabled">False: the circuit is only watched, and calls go to it in any state.</param>
/// <param name="LastError">The last attempt that failed by its fault; null: none since this gateway has started.</param>
/// <param name="Outcomes">Attempts since then, by the outcomes that answers show.</param>
internal sealed record ProviderDestination(
    string Id, string Address, string State, string? Reason, bool CircuitEnabled, ProviderError? LastError,
    IReadOnlyDictionary<string, long> Outcomes);

/// <param name="Outcome">An outcome, or the status that it was.</param>
internal sealed record ProviderError(string Outcome, DateTimeOffset At);
