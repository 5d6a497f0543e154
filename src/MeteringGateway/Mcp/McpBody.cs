using System.Text.Json;
using MeteringGateway.Calls.Answers;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.Features;

namespace MeteringGateway.Mcp;

/// <summary>
/// The body of a request as it came, which the protocol's own reader takes apart and writes anew: what is meant for a provider goes on
/// byte for byte.
/// </summary>
/// <param name="message">Undefined: it is no JSON, which the protocol's reader refuses.</param>
internal sealed class McpBody(JsonElement message)
{
    /// <summary>As large as a metered call's is by default.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly Problem s_notJson = Problem.Of(
        ErrorCode.UnsupportedMediaType, "Send 'Content-Type: application/json', in UTF-8 and without a coding.");

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    /// <summary>Null: it was read, and is there to be read again.</summary>
    public static async ValueTask<Problem?> ReadAsync(HttpContext context)
    {
        // The protocol's reader goes by the charset, and fails where no type is said: here both readers take the same bytes for UTF-8.
        if (!MediaTypes.IsJson(context.Request))
        {
            return s_notJson;
        }

        var (bytes, problem) = await BodyBytes.ReadAsync(context.Request, MaxBytes, context.RequestAborted);
        if (problem is not null)
        {
            return problem;
        }

        // The protocol's reader passes over a mark.
        var text = bytes.Span.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;
        if (!RequestBody.IsText(text.Span))
        {
            return Problem.Of(ErrorCode.InvalidJson, "The body has a text that is not valid Unicode.");
        }

        context.Features.Set(new McpBody(Parse(text)));
        context.Request.Body = new MemoryStream(text.ToArray(), writable: false);
        return null;
    }

    /// <summary>The arguments of a <c>tools/call</c>; without any, an empty object.</summary>
    public static JsonElement ArgumentsOf(HttpContext context)
    {
        var message = context.Features.GetRequiredFeature<McpBody>().Message;
        return message.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Object
            && parameters.TryGetProperty("arguments", out var arguments) && arguments.ValueKind != JsonValueKind.Null
                ? arguments
                : JsonElement.Parse("{}"u8);
    }

    public JsonElement Message => message;

    private static JsonElement Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            return JsonElement.Parse(text.Span);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
