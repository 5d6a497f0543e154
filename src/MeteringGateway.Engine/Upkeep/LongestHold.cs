namespace MeteringGateway.Engine.Upkeep;

/// <summary>
/// The longest life of a hold that a call of the present configuration can make; asked at each use, for a reload changes it.
/// </summary>
internal delegate TimeSpan LongestHold();
