using System.Buffers;

namespace MeteringGateway.Calls.Surfaces.Routes;

/// <summary>A method and a path, or all paths below one, by which a surface can be called like its provider.</summary>
/// <param name="Method">In upper case.</param>
/// <param name="Path">Exact; with <paramref name="IsRest"/> what the paths begin with, up to and with its last slash.</param>
/// <param name="IsRest">Whatever follows belongs to it, nothing at all included.</param>
internal sealed record RouteEntry(string Method, string Path, bool IsRest)
{
    public const string Form = "like POST /v1/chat/completions or GET /v1/{**rest}, with POST, PUT or GET";

    private const string Rest = "{**rest}";

    /// <summary>What a path holds without being encoded (RFC 3986, 3.3).</summary>
    private static readonly SearchValues<char> s_signs =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/");

    private static readonly string[] s_methods = [HttpMethods.Post, HttpMethods.Put, HttpMethods.Get];

    /// <summary>Null where the text is none.</summary>
    public static RouteEntry? Read(string text)
    {
        if (text.Split(' ') is not [var method, var pattern] || !s_methods.Contains(method))
        {
            return null;
        }

        var isRest = pattern.EndsWith("/" + Rest, StringComparison.Ordinal);
        var path = isRest ? pattern[..^Rest.Length] : pattern;
        return path.StartsWith('/') && !path.AsSpan().ContainsAnyExcept(s_signs)
            && !path.Contains("//", StringComparison.Ordinal) && !path.Split('/').Any(part => part is "." or "..")
            ? new RouteEntry(method, path, isRest)
            : null;
    }

    /// <summary>As the configuration writes it.</summary>
    public override string ToString() => $"{Method} {Path}{(IsRest ? Rest : "")}";
}
