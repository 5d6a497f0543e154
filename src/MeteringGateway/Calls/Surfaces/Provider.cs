using System.Collections.Immutable;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>What is added to a call of a provider. Where it is and how it is reached is in the YARP cluster of the same name.</summary>
/// <param name="Name">The cluster's id.</param>
/// <param name="Path">The path, and the query where it has one, that are called, as they go over the wire; null:
/// the path of the request.</param>
/// <param name="Headers">Complete, with the secrets of the environment filled in: never to be logged.</param>
/// <param name="Health">When it is taken out of its chains, and tried again.</param>
internal sealed record Provider(
    string Name, string? Path, ImmutableArray<KeyValuePair<string, string>> Headers, ProviderHealthOptions Health)
{
    /// <summary>A record would print its headers.</summary>
    public override string ToString() => $"Provider {Name}";
}
