namespace MeteringGateway.Calls.Surfaces.Routes;

/// <summary>What a method and a path find among the routes of all surfaces: a surface, or which methods the path has, or nothing.</summary>
/// <param name="Surface">The one that is called; null: none.</param>
/// <param name="Allow">Where only the method is wrong: the path's methods, as the <c>Allow</c> header has them. Else null.</param>
internal readonly record struct RouteMatch(Surface? Surface, string? Allow);
