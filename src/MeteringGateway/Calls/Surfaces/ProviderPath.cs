using System.Text;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>
/// The path that is called on a provider, as it is configured: nothing of it is decoded, encoded a second time, or tidied up on the way.
/// </summary>
internal static class ProviderPath
{
    private const string Forbidden = " \"#<>[\\]^`{|}";

    private static readonly UriCreationOptions s_asItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>
    /// The path, and its query where it has one, as they go over the wire: letters outside ASCII in percent form (RFC 3987, 3.1). Null
    /// where it is none: no slash at its start, a fragment, a sign that no request line may hold, or a percent sign that encodes nothing.
    /// </summary>
    public static string? Read(string text)
    {
        if (!text.StartsWith('/') || text.StartsWith("//", StringComparison.Ordinal))
        {
            return null;
        }

        var path = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // Half of a surrogate pair is enumerated as the replacement character.
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar || (rune.IsAscii && Forbidden.Contains((char)rune.Value)))
            {
                return null;
            }

            path.Append(rune.IsAscii ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        }

        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && !(i + 2 < path.Length && char.IsAsciiHexDigit(path[i + 1]) && char.IsAsciiHexDigit(path[i + 2])))
            {
                return null;
            }
        }

        return path.ToString();
    }

    public static Uri Under(string destinationPrefix, string path) =>
        new((Ascii.IsValid(destinationPrefix) ? destinationPrefix : new Uri(destinationPrefix).AbsoluteUri).TrimEnd('/') + path, s_asItIs);
}
