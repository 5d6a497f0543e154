using System.Collections.Frozen;

namespace MeteringGateway.Calls.Surfaces.Routes;

/// <summary>The routes of all surfaces of one catalog, for requests to be looked up in. Any number of threads may ask at once.</summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<string, KeyValuePair<string, Surface>[]> _exact;
    private readonly FrozenDictionary<string, KeyValuePair<string, Surface>[]>.AlternateLookup<ReadOnlySpan<char>> _rests;

    /// <summary>So many slashes into a path it is looked for below which one it lies: the length of a path must not cost.</summary>
    private readonly int _deepest;

    /// <param name="surfaces">Of which no two have routes that overlap: see <see cref="RouteOverlap"/>.</param>
    public RouteTable(IEnumerable<Surface> surfaces)
    {
        var entries = surfaces.SelectMany(surface => surface.Routes.Select(route => (Route: route, Surface: surface))).ToArray();
        IsEmpty = entries.Length == 0;
        _exact = Table(entries.Where(entry => !entry.Route.IsRest));
        _rests = Table(entries.Where(entry => entry.Route.IsRest)).GetAlternateLookup<ReadOnlySpan<char>>();
        _deepest = entries.Where(entry => entry.Route.IsRest).Select(entry => entry.Route.Path.Count(sign => sign == '/'))
            .DefaultIfEmpty().Max();
    }

    public bool IsEmpty { get; }

    /// <summary>Paths are compared as they are, and a method in upper case.</summary>
    public RouteMatch Match(string method, string path)
    {
        if (IsEmpty)
        {
            return default;
        }

        if (_exact.TryGetValue(path, out var exact) && Of(exact, method) is { } surface)
        {
            return new RouteMatch(surface, null);
        }

        var below = Below(path, method, null);
        return below is not null ? new RouteMatch(below, null)
            : Allowed(path, exact) is { Count: > 0 } methods ? new RouteMatch(null, string.Join(", ", methods))
            : default;
    }

    private Surface? Below(string path, string method, SortedSet<string>? methods)
    {
        var end = 0;
        for (var slashes = 0; slashes < _deepest && end <= path.Length; slashes++)
        {
            var next = path.AsSpan(end).IndexOf('/');

            // The path that others lie below belongs to them, with its last slash and without.
            var isLast = next < 0;
            end = isLast ? path.Length + 1 : end + next + 1;
            if (isLast ? _rests.TryGetValue(path + "/", out var rests) : _rests.TryGetValue(path.AsSpan(0, end), out rests))
            {
                methods?.UnionWith(rests.Select(rest => rest.Key));
                if (Of(rests, method) is { } surface)
                {
                    return surface;
                }
            }
        }

        return null;
    }

    private SortedSet<string> Allowed(string path, KeyValuePair<string, Surface>[]? exact)
    {
        var methods = new SortedSet<string>((exact ?? []).Select(one => one.Key), StringComparer.Ordinal);
        _ = Below(path, "", methods);
        return methods;
    }

    private static Surface? Of(KeyValuePair<string, Surface>[] byMethod, string method)
    {
        foreach (var (name, surface) in byMethod)
        {
            if (name == method)
            {
                return surface;
            }
        }

        return null;
    }

    private static FrozenDictionary<string, KeyValuePair<string, Surface>[]> Table(
        IEnumerable<(RouteEntry Route, Surface Surface)> entries) =>
        entries.GroupBy(entry => entry.Route.Path, StringComparer.Ordinal).ToFrozenDictionary(
            group => group.Key,
            group => group.Select(entry => KeyValuePair.Create(entry.Route.Method, entry.Surface)).ToArray(),
            StringComparer.Ordinal);
}
