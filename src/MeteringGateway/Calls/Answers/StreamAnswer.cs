using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using MeteringGateway.Calls.Pricing.Usage;
using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Calls.Answers;

/// <summary>What stands around an answer that goes out as it comes: its head, and its end once the call is settled.</summary>
internal static class StreamAnswer
{
    // The text is never HTML, so it stays readable.
    private static readonly JsonWriterOptions s_text = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Begin(HttpContext context, AnswerFacts facts, StreamedAnswer answer, long held, bool inEnvelope)
    {
        var response = context.Response;
        AnswerHead.Write(response, facts, answer.Status, answer.Headers, inEnvelope, isJson: answer.Shape == AnswerShape.Json);
        response.Headers[AnswerHead.Attempts] = AttemptsText.Of(facts.Attempts);
        if (held > 0)
        {
            response.Headers["X-Credits-Held"] = held.ToString(CultureInfo.InvariantCulture);
        }

        if (response.SupportsTrailers())
        {
            response.DeclareTrailer(AnswerHead.Charged);
            response.DeclareTrailer(AnswerHead.Remaining);
        }

        if (inEnvelope && answer.Shape == AnswerShape.Json)
        {
            Envelope.Begin(context, facts);
        }
    }

    /// <summary>Ends the answer. Where the client has left nobody reads it, which is no error.</summary>
    public static async ValueTask EndAsync(HttpContext context, AnswerFacts facts, StreamedAnswer answer, StreamEnd end, bool inEnvelope)
    {
        if (end != StreamEnd.Whole && answer.Shape != AnswerShape.EventStream)
        {
            // Nothing in a body of another kind can say that it is not whole: only a connection that ends too early can.
            context.Abort();
            return;
        }

        if (end != StreamEnd.Whole)
        {
            WriteError(context, end);
        }
        else if (inEnvelope && answer.Shape == AnswerShape.Json)
        {
            Envelope.End(context, facts);
        }

        var response = context.Response;
        if (response.SupportsTrailers() && facts.Charged > 0)
        {
            response.AppendTrailer(AnswerHead.Charged, facts.Charged.ToString(CultureInfo.InvariantCulture));
            if (facts.Remaining is { } balance)
            {
                response.AppendTrailer(AnswerHead.Remaining, balance.ToString(CultureInfo.InvariantCulture));
            }
        }

        try
        {
            await response.BodyWriter.FlushAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has left.
        }
    }

    /// <summary>The blank line ends an event that was cut, so that this one is read as its own.</summary>
    private static void WriteError(HttpContext context, StreamEnd end)
    {
        var text = new ArrayBufferWriter<byte>(256);
        text.Write("\n\nevent: error\ndata: "u8);
        using (var writer = new Utf8JsonWriter(text, s_text))
        {
            var (code, message) = Words(end);
            writer.WriteStartObject();
            writer.WriteStartObject("error");
            writer.WriteString("code", code);
            writer.WriteString("message", message);
            writer.WriteString("request_id", context.TraceIdentifier);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        text.Write("\n\n"u8);
        context.Response.BodyWriter.Write(text.WrittenSpan);
    }

    private static (string Code, string Message) Words(StreamEnd end) => end switch
    {
        StreamEnd.BrokeOff => ("provider_broke_off", "The provider ended its answer before it was whole."),
        StreamEnd.TimedOut => ("stream_timed_out", "The answer took longer than this surface allows."),
        StreamEnd.Stopped => ("gateway_stopping", "The gateway is being stopped and could not wait for the rest of the answer."),
        StreamEnd.Whole => throw new ArgumentOutOfRangeException(nameof(end), end, "is no error"),
        _ => throw new ArgumentOutOfRangeException(nameof(end), end, null),
    };
}
