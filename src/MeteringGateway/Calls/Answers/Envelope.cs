using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Edge;
using MeteringGateway.Ledger.Background;

namespace MeteringGateway.Calls.Answers;

/// <summary>
/// The answer to a metered call: for a JSON answer one object with the provider's body in it, byte for byte;
/// for any other the body as it came, with the same facts in headers.
/// </summary>
internal static class Envelope
{
    public static async ValueTask WriteAsync(HttpContext context, string surface, ChainResult chain, long charged, BalanceSnapshot snapshot)
    {
        long? remaining = snapshot.IsEmpty ? null : snapshot.Balance;
        var answer = chain.Answer!;
        var response = context.Response;
        response.Clear();
        // 205 forbids a body, and the server refuses to write one when the call is charged already.
        response.StatusCode = answer.Status == StatusCodes.Status205ResetContent ? StatusCodes.Status200OK : answer.Status;
        response.Headers["X-Request-Id"] = context.TraceIdentifier;
        response.Headers["X-Provider"] = answer.Provider;
        RateLimitHeaders.Write(response.Headers, snapshot);
        if (charged > 0)
        {
            response.Headers["X-Credits-Charged"] = charged.ToString(CultureInfo.InvariantCulture);
        }

        if (remaining is { } balance)
        {
            response.Headers["X-Credits-Remaining"] = balance.ToString(CultureInfo.InvariantCulture);
        }

        if (answer.IsJson)
        {
            response.ContentType = "application/json";
            response.Headers.CacheControl = "no-store";
            await WriteJsonAsync(context, surface, chain, charged, remaining);
            return;
        }

        response.Headers.CacheControl = "no-store";

        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.Body.Length > 0)
        {
            response.ContentLength = answer.Body.Length;
            await Body(context).WriteAsync(context, answer.Body);
        }
    }

    /// <summary>
    /// In one piece where it is small, for that is one packet; a large body is not copied once more for the sake of what stands around it.
    /// </summary>
    private static async ValueTask WriteJsonAsync(HttpContext context, string surface, ChainResult chain, long charged, long? remaining)
    {
        var (response, body) = (context.Response, chain.Answer!.Body);
        var isSmall = body.Length <= AnswerBody.PieceBytes - 512;
        var buffer = new ArrayBufferWriter<byte>(isSmall ? body.Length + 512 : 512);
        Begin(buffer, context.TraceIdentifier, surface, chain);
        var beginning = buffer.WrittenCount;
        if (isSmall)
        {
            buffer.Write(body.Span);
        }

        End(buffer, chain, charged, remaining);
        response.ContentLength = isSmall ? buffer.WrittenCount : buffer.WrittenCount + body.Length;
        if (isSmall)
        {
            var writing = response.Body.WriteAsync(buffer.WrittenMemory);
            FaultPoint.Hit("mid-answer");
            await writing;
            return;
        }

        await response.Body.WriteAsync(buffer.WrittenMemory[..beginning]);
        FaultPoint.Hit("mid-answer");
        await Body(context).WriteAsync(context, body);
        await response.Body.WriteAsync(buffer.WrittenMemory[beginning..]);
    }

    private static AnswerBody Body(HttpContext context) => context.RequestServices.GetRequiredService<AnswerBody>();

    /// <summary>Writes the array of <c>provider_attempts</c>; answers and refusals have the same.</summary>
    public static void WriteAttempts(Utf8JsonWriter writer, IReadOnlyList<AttemptReport> attempts)
    {
        writer.WriteStartArray();
        foreach (var attempt in attempts)
        {
            writer.WriteStartObject();
            writer.WriteString("provider", attempt.Provider);
            writer.WriteString("outcome", attempt.Outcome.Name());
            if (attempt.Status is { } status)
            {
                writer.WriteNumber("status", status);
            }
            else
            {
                writer.WriteNull("status");
            }

            writer.WriteNumber("duration_ms", (long)attempt.Duration.TotalMilliseconds);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Begin(ArrayBufferWriter<byte> buffer, string requestId, string surface, ChainResult chain)
    {
        // Names of surfaces and providers are checked when they are configured: they need no escaping.
        buffer.Write("{\"ok\":true,\"request_id\":\""u8);
        Text(buffer, requestId);
        buffer.Write("\",\"surface\":\""u8);
        Text(buffer, surface);
        buffer.Write("\",\"provider\":\""u8);
        Text(buffer, JsonEncodedText.Encode(chain.Answer!.Provider).Value);
        buffer.Write("\",\"result\":"u8);
    }

    private static void End(ArrayBufferWriter<byte> buffer, ChainResult chain, long charged, long? remaining)
    {
        buffer.Write(",\"credits_charged\":"u8);
        Number(buffer, charged);
        buffer.Write(",\"remaining_credits\":"u8);
        if (remaining is { } balance)
        {
            Number(buffer, balance);
        }
        else
        {
            buffer.Write("null"u8);
        }

        buffer.Write(",\"provider_attempts\":"u8);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            WriteAttempts(writer, chain.Attempts);
        }

        buffer.Write("}"u8);
    }

    private static void Text(ArrayBufferWriter<byte> buffer, string text) => Encoding.UTF8.GetBytes(text, buffer);

    private static void Number(ArrayBufferWriter<byte> buffer, long number)
    {
        Utf8Formatter.TryFormat(number, buffer.GetSpan(20), out var written);
        buffer.Advance(written);
    }
}
