using System.Net;
using System.Text;
using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Mcp;

/// <summary>The protocol at the wire, as one POST for each message.</summary>
public sealed class McpCaller(GatewayClient client)
{
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string bearer, string path = "mcp") =>
        [.. (await SendAsync("tools/list", new { }, bearer, path)).Result.GetProperty("tools").EnumerateArray()];

    public async Task<McpReply> CallAsync(
        string tool, object? arguments, string bearer, string path = "mcp", params (string Name, string Value)[] headers) =>
        await SendAsync("tools/call", new { name = tool, arguments = arguments ?? new { } }, bearer, path, headers);

    public async Task<McpReply> SendAsync(
        string method, object parameters, string? bearer, string path = "mcp", params (string Name, string Value)[] headers) =>
        McpReply.Of(await PostAsync(
            JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method, @params = parameters }), bearer, path, headers));

    public Task<GatewayAnswer> PostAsync(
        string message, string? bearer, string path = "mcp", params (string Name, string Value)[] headers) => client.SendAsync(
            HttpMethod.Post, path, bearer, new StringContent(message, Encoding.UTF8, "application/json"),
            [("Accept", "application/json, text/event-stream"), .. headers]);
}

/// <summary>What a message was answered.</summary>
public sealed record McpReply(GatewayAnswer Http, JsonElement Message)
{
    public JsonElement Result => Message.TryGetProperty("result", out var result)
        ? result
        : throw new InvalidOperationException($"No result: {Http.Text}");

    public bool IsError => Result.TryGetProperty("isError", out var isError) && isError.GetBoolean();

    /// <summary>Of the first part of the content.</summary>
    public string Text => Result.GetProperty("content")[0].GetProperty("text").GetString()!;

    /// <summary>What a tool answered; the text says the same.</summary>
    public JsonElement Answer
    {
        get
        {
            Assert.False(IsError, Text);
            var answer = Result.GetProperty("structuredContent");
            Assert.True(JsonElement.DeepEquals(answer, JsonElement.Parse(Text)), Text);
            return answer;
        }
    }

    /// <summary>The problem document of a refusal, which comes as text alone.</summary>
    public JsonElement Problem
    {
        get
        {
            Assert.True(IsError, Text);
            Assert.False(Result.TryGetProperty("structuredContent", out _));
            return JsonElement.Parse(Text);
        }
    }

    public string? Code => Problem.GetProperty("code").GetString();

    public static McpReply Of(GatewayAnswer http)
    {
        if (http.Status != HttpStatusCode.OK)
        {
            return new McpReply(http, http.Text.Length > 0 && http.Text[0] == '{' ? http.Json : default);
        }

        var data = http.Text.StartsWith('{')
            ? http.Text
            : string.Concat(http.Text.Split('\n')
                .Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..]));
        return new McpReply(http, JsonElement.Parse(data));
    }
}
