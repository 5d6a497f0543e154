using System.Security.Cryptography;
using System.Text;
using MeteringGateway.Calls.Answers;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Calls.Idempotency;

/// <summary>
/// The header <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header), and what must be equal in a repeat: surface, method,
/// path, query and body.
/// </summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int LongestKey = 255;

    private static readonly byte[] s_end = [0];

    /// <summary>Notes the ticket of the call, whose surface and body are known; without the header it has none.</summary>
    public static Problem? Read(HttpRequest request, MeteredCall call)
    {
        if (!request.Headers.TryGetValue(Header, out var values))
        {
            return null;
        }

        if (values is not [{ Length: > 0 and <= LongestKey } key] || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return s_malformed;
        }

        call.Ticket = new IdempotencyTicket(Hex(SHA256.HashData(Encoding.ASCII.GetBytes(key))), Fingerprint(request, call));
        return null;
    }

    private static string Fingerprint(HttpRequest request, MeteredCall call)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Of a call under the provider's own path the target as it came: two spellings may be two things there.
        foreach (var part in new[] { call.Surface!.Slug, request.Method, call.Target ?? $"{request.Path}{request.QueryString}" })
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData(s_end);
        }

        hash.AppendData(call.Body.Span);
        return Hex(hash.GetHashAndReset());
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);

    private static readonly Problem s_malformed = new()
    {
        Code = ErrorCode.InvalidRequest,
        Detail = $"The header {Header} must be given once, with 1 to {LongestKey} visible ASCII characters.",
        Errors = [new FieldError("?" + Header, $"must be given once, with 1 to {LongestKey} visible ASCII characters")],
    };
}
