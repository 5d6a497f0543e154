using System.Buffers;
using System.Text.Json;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Http.Edge;
using MeteringGateway.Ledger.Background;

namespace MeteringGateway.Calls.Answers;

/// <summary>
/// The answer to a metered call: for a JSON answer one object with the provider's body in it, byte for byte;
/// for any other the body as it came, with the same facts in headers.
/// </summary>
internal static class Envelope
{
    /// <summary>What stands around a body, at most: two names of 64 bytes, the request id, two numbers, and the members' names.</summary>
    private const int Around = 512;

    /// <summary>One attempt, at most: a name of 64 bytes, an outcome, two numbers, and the members' names.</summary>
    private const int AroundAttempt = 256;

    /// <summary>A whole answer; where it is not <paramref name="inEnvelope"/>, JSON goes out as it came, too.</summary>
    public static async ValueTask WriteAsync(HttpContext context, AnswerFacts facts, ProviderAnswer answer, bool inEnvelope)
    {
        AnswerHead.Write(context.Response, facts, answer.Status, answer.Headers, inEnvelope, isJson: answer.IsJson);
        if (answer.IsJson && inEnvelope)
        {
            await WriteJsonAsync(context, facts, answer.Body);
            return;
        }

        if (answer.Body.Length > 0)
        {
            context.Response.ContentLength = answer.Body.Length;
            await Body(context).WriteAsync(context, answer.Body);
        }
    }

    /// <summary>
    /// In one piece where it is small, for that is one packet; a large body is not copied once more for the sake of what stands around it.
    /// </summary>
    private static async ValueTask WriteJsonAsync(HttpContext context, AnswerFacts facts, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        var isSmall = body.Length <= AnswerBody.PieceBytes - 512;
        var buffer = ArrayPool<byte>.Shared.Rent(Around + (AroundAttempt * facts.Attempts.Count) + (isSmall ? body.Length : 0));
        try
        {
            var beginning = Begin(buffer, facts);
            var length = beginning;
            if (isSmall)
            {
                body.Span.CopyTo(buffer.AsSpan(length));
                length += body.Length;
            }

            length += End(buffer.AsSpan(length), facts);
            response.ContentLength = isSmall ? length : length + body.Length;
            if (isSmall)
            {
                var writing = response.Body.WriteAsync(buffer.AsMemory(0, length));
                FaultPoint.Hit("mid-answer");
                await writing;
                return;
            }

            await response.Body.WriteAsync(buffer.AsMemory(0, beginning));
            FaultPoint.Hit("mid-answer");
            await Body(context).WriteAsync(context, body);
            await response.Body.WriteAsync(buffer.AsMemory(beginning, length - beginning));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>What stands before the body of an answer that goes out as it comes. Sent with its first piece.</summary>
    public static void Begin(HttpContext context, AnswerFacts facts)
    {
        var writer = context.Response.BodyWriter;
        writer.Advance(Begin(writer.GetSpan(Around), facts));
    }

    /// <summary>What stands behind it: the members that tell the charge.</summary>
    public static void End(HttpContext context, AnswerFacts facts)
    {
        var writer = context.Response.BodyWriter;
        writer.Advance(End(writer.GetSpan(Around + (AroundAttempt * facts.Attempts.Count)), facts));
    }

    private static AnswerBody Body(HttpContext context) => context.RequestServices.GetRequiredService<AnswerBody>();

    /// <summary>Writes the array of <c>provider_attempts</c>; answers and refusals have the same.</summary>
    public static void WriteAttempts(Utf8JsonWriter writer, IReadOnlyList<AttemptReport> attempts)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Around + (AroundAttempt * attempts.Count));
        var text = new Utf8Text(buffer);
        AddAttempts(ref text, attempts);
        writer.WriteRawValue(buffer.AsSpan(0, text.Length), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <remarks>Names of surfaces and providers are checked when they are configured: they need no escaping.</remarks>
    private static int Begin(Span<byte> buffer, AnswerFacts facts)
    {
        var text = new Utf8Text(buffer);
        text.Add("{\"ok\":true,\"request_id\":\""u8);
        text.Add(facts.RequestId);
        text.Add("\",\"surface\":\""u8);
        text.Add(facts.Surface);
        text.Add("\",\"provider\":\""u8);
        text.Add(facts.Provider);
        text.Add("\",\"result\":"u8);
        return text.Length;
    }

    private static int End(Span<byte> buffer, AnswerFacts facts)
    {
        var text = new Utf8Text(buffer);
        text.Add(",\"credits_charged\":"u8);
        text.Add(facts.Charged);
        text.Add(",\"remaining_credits\":"u8);
        Add(ref text, facts.Remaining);
        text.Add(",\"provider_attempts\":"u8);
        AddAttempts(ref text, facts.Attempts);
        text.Add("}"u8);
        return text.Length;
    }

    private static void AddAttempts(ref Utf8Text text, IReadOnlyList<AttemptReport> attempts)
    {
        text.Add("["u8);
        for (var i = 0; i < attempts.Count; i++)
        {
            var made = attempts[i];
            text.Add(i == 0 ? "{\"provider\":\""u8 : ",{\"provider\":\""u8);
            text.Add(made.Provider);
            text.Add("\",\"outcome\":\""u8);
            text.Add(made.Outcome.Name());
            text.Add("\",\"status\":"u8);
            Add(ref text, made.Status);
            text.Add(",\"duration_ms\":"u8);
            text.Add((long)made.Duration.TotalMilliseconds);
            text.Add("}"u8);
        }

        text.Add("]"u8);
    }

    private static void Add(ref Utf8Text text, long? number)
    {
        if (number is { } known)
        {
            text.Add(known);
        }
        else
        {
            text.Add("null"u8);
        }
    }
}
