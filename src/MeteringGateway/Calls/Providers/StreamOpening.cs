using System.Net;
using MeteringGateway.Calls.Pricing.Usage;

namespace MeteringGateway.Calls.Providers;

/// <summary>Which answers go to the client as they come, and how one of them begins.</summary>
internal static class StreamOpening
{
    /// <summary>What arrives first is sent on at once, be it a byte; more than this at a time brings nothing.</summary>
    private const int FirstBytes = 16 * 1024;

    public static AnswerShape ShapeOf(HttpResponseMessage response)
    {
        var type = AnswerReader.Values(response, "Content-Type");
        return JsonMedia.IsSaid(type) ? AnswerShape.Json
            : JsonMedia.Is(type, "text/event-stream") ? AnswerShape.EventStream
            : JsonMedia.Is(type, "application/x-ndjson") || JsonMedia.Is(type, "application/ndjson")
                || JsonMedia.Is(type, "application/jsonl") ? AnswerShape.JsonLines
            : AnswerShape.Opaque;
    }

    /// <summary>
    /// Known from the head alone: a kind of stream, a body without a length that is not JSON, or one that is longer than what is held.
    /// </summary>
    public static bool IsSaid(HttpResponseMessage response, AnswerShape shape, long held) => shape switch
    {
        AnswerShape.EventStream or AnswerShape.JsonLines => true,
        AnswerShape.Opaque when response.Content.Headers.ContentLength is null =>
            response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.ResetContent),
        _ => response.Content.Headers.ContentLength > held,
    };

    /// <summary>
    /// Waits for the first byte. Null: there will be none, of an answer that ends with its connection, or it is packed in a way that is
    /// not known here, or it begins as no JSON does although it says it is. Throws where the connection breaks before.
    /// </summary>
    /// <param name="beginning">What was read before the answer turned out to be too long to be held.</param>
    public static async ValueTask<StreamedAnswer?> OpenAsync(
        string provider, HttpResponseMessage response, AnswerShape shape, Stream body, ReadOnlyMemory<byte> beginning,
        CancellationToken cancellationToken)
    {
        var coding = AnswerReader.Values(response, "Content-Encoding");
        if (coding.Count > 0)
        {
            if (ContentCoding.Unpack(new ContinuedStream(beginning, body), coding) is not { } unpacked)
            {
                return null;
            }

            (body, beginning) = (unpacked, default);
        }

        if (beginning.IsEmpty)
        {
            var first = new byte[FirstBytes];
            var read = await body.ReadAsync(first, cancellationToken);
            if (read == 0 && !AnswerReader.IsFramed(response))
            {
                return null;
            }

            // Small, for it is referred to until it is sent.
            beginning = read > FirstBytes / 2 ? first.AsMemory(0, read) : first.AsSpan(0, read).ToArray();
        }

        if (shape == AnswerShape.Json && IsNoJson(beginning.Span))
        {
            return null;
        }

        return new StreamedAnswer
        {
            Provider = provider,
            Status = (int)response.StatusCode,
            Shape = shape,
            Headers = AnswerReader.Kept(response, isEmpty: false),
            Beginning = beginning,
            Rest = body,
        };
    }

    private static bool IsNoJson(ReadOnlySpan<byte> beginning)
    {
        var check = UsageMeter.JsonCheck();
        check.Read(beginning);
        return check.IsDamaged;
    }
}
