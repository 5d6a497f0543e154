using Microsoft.Extensions.Primitives;

namespace MeteringGateway.Calls.Providers;

/// <summary>What a provider's <c>Content-Type</c> says.</summary>
internal static class JsonMedia
{
    /// <summary>
    /// JSON. Reads the media type alone: parameters may be empty (<c>application/json;</c> is valid by RFC 9110, 5.6.6) or malformed
    /// without making it another type. Two values that disagree say nothing.
    /// </summary>
    public static bool IsSaid(StringValues contentType)
    {
        foreach (var value in contentType)
        {
            var type = MediaType(value);
            if (!type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                && !(type.EndsWith("+json", StringComparison.OrdinalIgnoreCase) && type.Contains('/')))
            {
                return false;
            }
        }

        return contentType.Count > 0;
    }

    /// <summary>Is it this type, in each of its values?</summary>
    public static bool Is(StringValues contentType, string wanted)
    {
        foreach (var value in contentType)
        {
            if (!MediaType(value).Equals(wanted, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return contentType.Count > 0;
    }

    private static ReadOnlySpan<char> MediaType(string? value)
    {
        var end = value.AsSpan().IndexOf(';');
        return (end < 0 ? value.AsSpan() : value.AsSpan(0, end)).Trim(" \t");
    }
}
