namespace MeteringGateway.Calls.Metering;

/// <summary>Path and query of a call under a provider's own path, as they came.</summary>
internal static class RouteTarget
{
    /// <summary>
    /// Null: the path has dot segments, written out or in percent form. Each server on the way may resolve them or not, and the provider
    /// might see another path than the one that the surface has.
    /// </summary>
    /// <param name="rawTarget">Of the request line: a path with its query, or a whole address (RFC 9112, 3.2.2).</param>
    public static string? Of(string rawTarget)
    {
        var target = rawTarget;
        if (!target.StartsWith('/'))
        {
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            var path = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
            if (path < 0)
            {
                return null;
            }

            target = target[path..];
        }

        var end = target.AsSpan().IndexOf('?');
        foreach (var segment in (end < 0 ? target.AsSpan() : target.AsSpan(0, end)).Split('/'))
        {
            if (IsDots(target.AsSpan()[segment]))
            {
                return null;
            }
        }

        return target;
    }

    private static bool IsDots(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        for (; !segment.IsEmpty; dots++)
        {
            if (segment[0] == '.')
            {
                segment = segment[1..];
            }
            else if (segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase))
            {
                segment = segment[3..];
            }
            else
            {
                return false;
            }
        }

        return dots is 1 or 2;
    }
}
