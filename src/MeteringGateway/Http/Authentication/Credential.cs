using Microsoft.Extensions.Primitives;

namespace MeteringGateway.Http.Authentication;

internal enum CredentialStatus
{
    Missing,
    Malformed,
    Present,
}

/// <summary>
/// The one secret that a request presents, from whichever header. Two that differ are refused: which of them pays would be a guess.
/// </summary>
internal readonly record struct Credential(CredentialStatus Status, string Value)
{
    public const string Scheme = "Bearer ";

    /// <summary>Our own are at most 57 characters; an identity provider's may be a signed document of a few kilobytes.</summary>
    private const int MaxLength = 8192;
    private static readonly Credential Missing = new(CredentialStatus.Missing, "");
    private static readonly Credential Malformed = new(CredentialStatus.Malformed, "");

    /// <summary>An API key (or an operator's token): <c>Authorization: Bearer</c> or <c>X-Api-Key</c>.</summary>
    public static Credential Read(IHeaderDictionary headers) =>
        Same(Bearer(headers.Authorization), Plain(headers["X-Api-Key"]));

    /// <summary>An API key under a provider's own path: as above, or as the clients of some providers send it.</summary>
    public static Credential ReadWithApiKey(IHeaderDictionary headers) => Same(Read(headers), Plain(headers["api-key"]));

    /// <summary>An account's own credential: as above, or a session in a header of its own.</summary>
    public static Credential ReadWithSessions(IHeaderDictionary headers) =>
        Same(Read(headers), Same(Plain(headers["X-Kendr-Session"]), Plain(headers["X-Session"])));

    /// <summary>From whichever header any endpoint would take it.</summary>
    public static Credential ReadAny(IHeaderDictionary headers) => Same(ReadWithSessions(headers), Plain(headers["api-key"]));

    private static Credential Bearer(StringValues header)
    {
        if (header.Count == 0)
        {
            return Missing;
        }

        var value = header.Count == 1 ? header[0] : null;
        return value is not null && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? Token(value[Scheme.Length..])
            : Malformed;
    }

    private static Credential Plain(StringValues header) => header.Count switch
    {
        0 => Missing,
        1 => Token(header[0]),
        _ => Malformed,
    };

    private static Credential Token(string? value) =>
        value is { Length: > 0 and <= MaxLength } && !value.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? new Credential(CredentialStatus.Present, value)
            : Malformed;

    private static Credential Same(Credential one, Credential other)
    {
        if (one.Status == CredentialStatus.Missing)
        {
            return other;
        }

        return other.Status == CredentialStatus.Missing || one == other ? one : Malformed;
    }
}
