using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Mcp.Tools;

/// <summary>
/// A provider's JSON within the protocol's. Over HTTP it goes out byte for byte, whatever the client makes of it; here it becomes a part of
/// a message that the protocol's server writes and each client reads whole, and what one of them can't take would be lost with its charge.
/// </summary>
internal static class ReadableJson
{
    /// <summary>Readers take 64 levels as a rule, and the message has two around the envelope.</summary>
    private const int MaxDepth = 62;

    /// <summary>What a provider's JSON may have (512), and the envelope.</summary>
    private const int MaxDepthOverHttp = 513;

    /// <summary>
    /// The envelope as it is, or with its result as the text that it is. Null: what goes out as it comes has turned out to be no JSON.
    /// </summary>
    public static JsonElement? Of(ReadOnlySpan<byte> envelope)
    {
        if (RequestBody.IsText(envelope) && Parse(envelope, MaxDepth) is { } whole)
        {
            return whole;
        }

        // Bytes that are no text are no JSON, though a parser may pass over them.
        if (!Utf8.IsValid(envelope) || Parse(envelope, MaxDepthOverHttp) is not { } members)
        {
            return null;
        }

        var text = new ArrayBufferWriter<byte>(envelope.Length + 64);
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            foreach (var member in members.EnumerateObject())
            {
                writer.WritePropertyName(member.Name);
                if (member.NameEquals("result"))
                {
                    writer.WriteStringValue(member.Value.GetRawText());
                    writer.WriteString("result_encoding", "json");
                }
                else
                {
                    member.Value.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(text.WrittenSpan);
    }

    private static JsonElement? Parse(ReadOnlySpan<byte> json, int maxDepth)
    {
        try
        {
            return JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = maxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
