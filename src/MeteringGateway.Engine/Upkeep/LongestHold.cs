namespace MeteringGateway.Engine.Upkeep;

/// <summary>
/// The longest lifetime of a hold under the present configuration; called at each use, since a reload may change it.
/// </summary>
internal delegate TimeSpan LongestHold();
