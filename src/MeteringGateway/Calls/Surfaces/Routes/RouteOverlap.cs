using MeteringGateway.Configuration;

namespace MeteringGateway.Calls.Surfaces.Routes;

/// <summary>A method and a pattern that a request can't be for two of: an endpoint of the gateway's own.</summary>
/// <param name="Method"><see cref="RouteOverlap.AnyMethod"/> where it answers all.</param>
/// <param name="Pattern">As routing has it, with parameters in braces.</param>
internal readonly record struct TakenRoute(string Method, string Pattern);

/// <summary>
/// Whether a request could be for two routes, or for a route and an endpoint of the gateway. Which of them it would find would then be an
/// accident, and what a call costs no accident may decide.
/// </summary>
internal static class RouteOverlap
{
    public const string AnyMethod = "*";

    private const string Rest = "{**";

    /// <summary>Reports each overlap of two routes, of one surface or of two.</summary>
    public static void Check(IReadOnlyList<Surface> surfaces, ConfigurationErrors errors)
    {
        var entries = surfaces.SelectMany(surface => surface.Routes.Select((route, at) => (Surface: surface, Route: route, At: at)))
            .ToArray();
        for (var i = 0; i < entries.Length; i++)
        {
            foreach (var earlier in entries.AsSpan(0, i))
            {
                // Within one surface an exact path goes before what lies around it.
                var isOrdered = earlier.Surface == entries[i].Surface && earlier.Route.IsRest != entries[i].Route.IsRest;
                if (!isOrdered && Overlap(Taken(earlier.Route), Taken(entries[i].Route)))
                {
                    errors.Add(
                        Key(entries[i].Surface, entries[i].At), entries[i].Route.ToString(),
                        $"a route apart from {earlier.Route} of {earlier.Surface.Slug}");
                }
            }
        }
    }

    /// <summary>Reports each route that a request for an endpoint of the gateway's own would find.</summary>
    public static void Check(IEnumerable<Surface> surfaces, IReadOnlyList<TakenRoute> endpoints, ConfigurationErrors errors)
    {
        foreach (var surface in surfaces)
        {
            for (var i = 0; i < surface.Routes.Length; i++)
            {
                var route = surface.Routes[i];
                if (endpoints.Where(endpoint => Overlap(Taken(route), endpoint)).Take(1).ToArray() is [var taken])
                {
                    errors.Add(Key(surface, i), route.ToString(), $"a route apart from the gateway's own {taken.Method} {taken.Pattern}");
                }
            }
        }
    }

    public static bool Overlap(TakenRoute one, TakenRoute other) =>
        (one.Method == AnyMethod || other.Method == AnyMethod || one.Method.Equals(other.Method, StringComparison.OrdinalIgnoreCase))
        && Meet(Parts(one.Pattern), Parts(other.Pattern));

    private static TakenRoute Taken(RouteEntry route) => new(route.Method, route.IsRest ? $"{route.Path}{Rest}rest}}" : route.Path);

    private static string Key(Surface surface, int at) => $"Surfaces:{surface.Slug}:Routes:{at}";

    /// <summary>Routing does not look at case, nor at a slash at the end.</summary>
    private static string[] Parts(string pattern) => pattern.Trim('/') is { Length: > 0 } path ? path.Split('/') : [];

    private static bool Meet(ReadOnlySpan<string> one, ReadOnlySpan<string> other)
    {
        if ((one.Length > 0 && IsRest(one[0])) || (other.Length > 0 && IsRest(other[0])))
        {
            return true;
        }

        if (one.IsEmpty || other.IsEmpty)
        {
            var left = one.IsEmpty ? other : one;
            return left.IsEmpty || (IsOptional(left[0]) && Meet(left[1..], default));
        }

        var isSame = IsParameter(one[0]) || IsParameter(other[0]) || one[0].Equals(other[0], StringComparison.OrdinalIgnoreCase);
        return isSame && Meet(one[1..], other[1..]);
    }

    private static bool IsRest(string part) => part.StartsWith("{*", StringComparison.Ordinal);

    private static bool IsOptional(string part) => part.StartsWith('{') && part.EndsWith("?}", StringComparison.Ordinal);

    /// <summary>What a parameter may be, or a part of one, is not looked at: it might be the other's name.</summary>
    private static bool IsParameter(string part) => part.Contains('{', StringComparison.Ordinal);
}
