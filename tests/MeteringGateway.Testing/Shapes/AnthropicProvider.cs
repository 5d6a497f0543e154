using System.Text.Json;

namespace MeteringGateway.Testing.Shapes;

/// <summary>
/// The script of a fake provider that answers as Anthropic's messages do: plain, streamed, or with a tool call where the request has tools
/// and no result of one. A call without <c>anthropic-version</c>, or with another key than the provider's own, is refused.
/// </summary>
public static class AnthropicProvider
{
    public const string Path = "/v1/messages";

    public const string Key = "sk-ant-provider-secret";

    public static FakeReply Answer(ReceivedRequest request)
    {
        if (request.Header("anthropic-version") is null)
        {
            return Refuse(400, "invalid_request_error", "anthropic-version: header is required");
        }

        if (request.Header("x-api-key") != Key)
        {
            return Refuse(401, "authentication_error", "invalid x-api-key");
        }

        if (request.Target != Path)
        {
            return Refuse(404, "not_found_error", request.Target);
        }

        var body = JsonSerializer.Deserialize<JsonElement>(request.Body);
        if (body.TryGetProperty("stream", out var stream) && stream.GetBoolean())
        {
            return FakeReply.Events(
                Event("message_start", $$""","message":{{Message("[]", "null", Usage(130, 1))}}"""),
                Event("content_block_start", ""","index":0,"content_block":{"type":"text","text":""}"""),
                Event("ping", ""),
                Event("content_block_delta", ""","index":0,"delta":{"type":"text_delta","text":"Credits "}"""),
                Event("content_block_delta", ""","index":0,"delta":{"type":"text_delta","text":"kept apart."}"""),
                Event("content_block_stop", ""","index":0"""),
                Event("message_delta", ""","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":52}"""),
                Event("message_stop", ""));
        }

        if (!body.TryGetProperty("tools", out _))
        {
            return FakeReply.Json(Message("""[{"type":"text","text":"Credits kept apart."}]""", "\"end_turn\"", Usage(120, 45)));
        }

        return body.GetProperty("messages").GetArrayLength() > 1
            ? FakeReply.Json(Message("""[{"type":"text","text":"Take a coat."}]""", "\"end_turn\"", Usage(240, 12)))
            : FakeReply.Json(Message(
                """[{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Bergen"}}]""", "\"tool_use\"", Usage(200, 31)));
    }

    private static FakeReply Refuse(int status, string type, string message) =>
        FakeReply.Json($$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"}}""", status);

    private static string Event(string type, string members) => $"event: {type}\ndata: {{\"type\":\"{type}\"{members}}}\n\n";

    private static string Message(string content, string reason, string usage) =>
        $$"""
        {"id":"msg_{{Guid.NewGuid():N}}","type":"message","role":"assistant","model":"large","content":{{content}},"stop_reason":{{reason}},"stop_sequence":null,"usage":{{usage}}}
        """;

    private static string Usage(int input, int output) => $$"""{"input_tokens":{{input}},"output_tokens":{{output}}}""";
}
