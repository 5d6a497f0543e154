namespace MeteringGateway.Engine.Upkeep;

/// <summary>
/// The longest time that a reserve or an extension gives a hold from its moment on, under the present configuration; called at each use,
/// since a reload may change it. A stream lives longer: its hold is extended again and again, by no more than this at a time.
/// </summary>
internal delegate TimeSpan LongestHold();
