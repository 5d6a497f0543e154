using System.Text.Json;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.Features;

namespace MeteringGateway.Mcp;

/// <summary>
/// The body of a request as it came, which the protocol's own reader takes apart and writes anew: what is meant for a provider goes on
/// byte for byte.
/// </summary>
internal sealed class McpBody(ReadOnlyMemory<byte> bytes)
{
    /// <summary>As large as a metered call's is by default.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Null: it was read, and is there to be read again.</summary>
    public static async ValueTask<Problem?> ReadAsync(HttpContext context)
    {
        var (bytes, problem) = await BodyBytes.ReadAsync(context.Request, MaxBytes, context.RequestAborted);
        if (problem is null && !RequestBody.IsText(bytes.Span))
        {
            return Problem.Of(ErrorCode.InvalidJson, "The body has a text that is not valid Unicode.");
        }

        if (problem is null)
        {
            context.Features.Set(new McpBody(bytes));
            context.Request.Body = new MemoryStream(bytes.ToArray(), writable: false);
        }

        return problem;
    }

    /// <summary>The arguments of a <c>tools/call</c>; without any, an empty object.</summary>
    public static JsonElement ArgumentsOf(HttpContext context)
    {
        var body = context.Features.GetRequiredFeature<McpBody>();
        var message = JsonElement.Parse(body.Bytes.Span);
        return message.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Object
            && parameters.TryGetProperty("arguments", out var arguments) && arguments.ValueKind != JsonValueKind.Null
                ? arguments
                : JsonElement.Parse("{}"u8);
    }

    private ReadOnlyMemory<byte> Bytes => bytes;
}
