using System.Text.Json;

namespace MeteringGateway.Testing.Shapes;

/// <summary>
/// The script of a fake provider that answers as OpenAI's chat completions do: plain, streamed, or with a tool call where the request has
/// tools and no result of one.
/// </summary>
public static class OpenAiProvider
{
    public const string Path = "/v1/chat/completions";

    /// <summary>The provider's own key; a call with another one is refused.</summary>
    public const string Key = "sk-provider-secret";

    public static FakeReply Answer(ReceivedRequest request)
    {
        if (request.Header("Authorization") != $"Bearer {Key}")
        {
            return Refuse(401, "Incorrect API key provided.");
        }

        if (request.Target != Path)
        {
            return Refuse(404, $"Unknown request URL: {request.Target}.");
        }

        var body = JsonSerializer.Deserialize<JsonElement>(request.Body);
        if (body.TryGetProperty("stream", out var stream) && stream.GetBoolean())
        {
            var showsUsage = body.TryGetProperty("stream_options", out var options) && options.GetProperty("include_usage").GetBoolean();
            return FakeReply.Events(
                Chunk("""[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]"""),
                Chunk("""[{"index":0,"delta":{"content":"Credits "},"finish_reason":null}]"""),
                Chunk("""[{"index":0,"delta":{"content":"kept apart."},"finish_reason":null}]"""),
                Chunk("""[{"index":0,"delta":{},"finish_reason":"stop"}]"""),
                (showsUsage ? Chunk("[]", Usage(130, 52)) : "") + "data: [DONE]\n\n");
        }

        if (!body.TryGetProperty("tools", out _))
        {
            return Completion("""{"role":"assistant","content":"Credits kept apart."}""", "stop", Usage(120, 45));
        }

        return body.GetProperty("messages").EnumerateArray().Any(message => message.GetProperty("role").GetString() == "tool")
            ? Completion("""{"role":"assistant","content":"Take a coat."}""", "stop", Usage(240, 12))
            : Completion(
                """
                {"role":"assistant","content":null,"tool_calls":[
                  {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bergen\"}"}}]}
                """,
                "tool_calls", Usage(200, 31));
    }

    private static FakeReply Refuse(int status, string message) => FakeReply.Json(
        $$$"""{"error":{"message":"{{{message}}}","type":"invalid_request_error","param":null,"code":null}}""", status);

    private static FakeReply Completion(string message, string reason, string usage) => FakeReply.Json(
        $$"""
        {"id":"chatcmpl-{{Guid.NewGuid():N}}","object":"chat.completion","created":1764000000,"model":"large",
         "choices":[{"index":0,"message":{{message}},"logprobs":null,"finish_reason":"{{reason}}"}],"usage":{{usage}}}
        """);

    private static string Chunk(string choices, string usage = "null") =>
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1764000000,"model":"large","choices":"""
            + $"{choices},\"usage\":{usage}}}\n\n";

    private static string Usage(int prompt, int completion) =>
        $$"""{"prompt_tokens":{{prompt}},"completion_tokens":{{completion}},"total_tokens":{{prompt + completion}}}""";
}
