namespace MeteringGateway.Calls.Metering;

/// <summary>Path and query of a call under a provider's own path, as they came.</summary>
internal static class RouteTarget
{
    /// <summary>
    /// Null: the path has dot segments, in whatever form a server may take for them. Each server on the way may resolve them or not, and
    /// the provider might see another path than the one that the surface has.
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
            var end = target.IndexOf('?', StringComparison.Ordinal);
            if (target.AsSpan(0, end < 0 ? target.Length : end).ContainsAny('%', '\\'))
            {
                // What the server makes of a whole address is decoded in another way than a path: the two might be two routes.
                return null;
            }
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        return HasDots(query < 0 ? target : target[..query]) ? null : target;
    }

    /// <summary>
    /// Dots that some server takes for a segment: after a slash or backslash in percent form or written out, or before a parameter
    /// (<c>..;</c>).
    /// </summary>
    private static bool HasDots(string path)
    {
        var plain = path.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase)
            .Replace("%2f", "/", StringComparison.OrdinalIgnoreCase).Replace("%5c", "/", StringComparison.OrdinalIgnoreCase)
            .Replace('\\', '/');
        foreach (var segment in plain.AsSpan().Split('/'))
        {
            var name = plain.AsSpan()[segment];
            var end = name.IndexOf(';');
            if ((end < 0 ? name : name[..end]) is "." or "..")
            {
                return true;
            }
        }

        return false;
    }
}
