using System.Runtime.InteropServices;
using System.Text.Json;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Http.Requests;

/// <summary>What a request's body turned out to be: its fields, or the problem to answer with.</summary>
internal readonly record struct RequestBody(RequestFields? Fields, Problem? Problem)
{
    /// <summary>
    /// Far above what a call to change something needs; a metered call has its surface's own bound and does not come here.
    /// </summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Larger ones take milliseconds, and take turns: 22,000 names are a body that a stranger may send too.</summary>
    private const int ParsedAtOnce = 16 * 1024;

    /// <summary>What readers of the framework take at most, where nobody tells them otherwise.</summary>
    private const int DeepestOfOthers = 64;

    // A name given twice is refused: two readers could take a different one of them.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Reads a JSON object. With <paramref name="optional"/> no body at all counts as <c>{}</c>.</summary>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, bool optional = false)
    {
        var bytes = await ReadBytesAsync(request);
        if (bytes is null)
        {
            return Refused(Problem.Of(ErrorCode.BodyTooLarge, $"The body may have at most {MaxBytes} bytes."));
        }

        if (bytes.Length == 0 && optional)
        {
            return Parse("{}"u8.ToArray());
        }

        return request.HasJsonContentType()
            ? bytes.Length <= ParsedAtOnce
                ? Parse(bytes)
                : await request.HttpContext.RequestServices.GetRequiredService<WorkGate>()
                    .RunAsync(() => Parse(bytes), request.HttpContext.RequestAborted)
            : Refused(Problem.Of(ErrorCode.UnsupportedMediaType, "Send 'Content-Type: application/json'."));
    }

    public static RequestBody Parse(byte[] utf8)
    {
        try
        {
            CheckText(utf8, Strict.MaxDepth);
            using var document = JsonDocument.Parse(utf8, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new RequestBody(new RequestFields(document.RootElement.Clone()), null)
                : Refused(Problem.InvalidRequest(new FieldError("#", "must be a JSON object")));
        }
        catch (JsonException e)
        {
            return Refused(Problem.Of(ErrorCode.InvalidJson, e.Message));
        }
    }

    /// <summary>Whether all texts of a JSON document are Unicode. What is no JSON at all is somebody else's to refuse.</summary>
    public static bool IsText(ReadOnlySpan<byte> utf8)
    {
        try
        {
            CheckText(utf8, DeepestOfOthers);
            return true;
        }
        catch (JsonException e)
        {
            return e.InnerException is not InvalidOperationException;
        }
    }

    // Half a surrogate pair passes the parser and throws only where the text is asked for, so it is asked for here.
    private static void CheckText(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    reader.GetString();
                }
            }
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A text is not valid Unicode.", e);
        }
    }

    /// <summary>The body as it came; null where it has more than <see cref="MaxBytes"/>.</summary>
    /// <exception cref="BadHttpRequestException">It can't be taken now: a 429 or a 503.</exception>
    public static async Task<byte[]?> ReadBytesAsync(HttpRequest request)
    {
        var (bytes, problem) = await BodyBytes.ReadAsync(request, MaxBytes, request.HttpContext.RequestAborted);
        return problem switch
        {
            null => MemoryMarshal.TryGetArray(bytes, out var whole) && whole.Count == whole.Array!.Length ? whole.Array : bytes.ToArray(),
            { Code: ErrorCode.BodyTooLarge } => null,
            _ => throw new BadHttpRequestException(problem.Detail, ErrorCatalog.Of(problem.Code).Status),
        };
    }

    private static RequestBody Refused(Problem problem) => new(null, problem);
}
