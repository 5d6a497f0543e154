using MeteringGateway.Http.Errors;

namespace MeteringGateway.Http.Requests;

/// <summary>The header <c>Idempotency-Key</c> of calls that buy or make something: under one key it is done once.</summary>
internal static class IdempotencyHeader
{
    public const string Name = "Idempotency-Key";
    private const int MaxKey = 255;

    /// <summary>The key; null: the request has none, or a wrong one, which the error tells.</summary>
    public static (string? Key, FieldError? Error) Read(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(Name, out var keys))
        {
            return (null, null);
        }

        var key = keys.Count == 1 ? keys[0] : null;
        return key is { Length: >= 1 and <= MaxKey } && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? (key, null)
            : (null, new FieldError("?" + Name, "must be one header of 1 to 255 visible ASCII characters"));
    }
}
