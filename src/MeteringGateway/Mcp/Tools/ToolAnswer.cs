using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.InnerCalls;
using MeteringGateway.Http.Requests;
using ModelContextProtocol.Protocol;

namespace MeteringGateway.Mcp.Tools;

/// <summary>What a tool answers: the API's own object, or its refusal.</summary>
internal static class ToolAnswer
{
    /// <summary>The object for programs, and the same as text for models.</summary>
    public static CallToolResult Of(InnerAnswer answer) =>
        answer.IsSuccess ? Of(JsonElement.Parse(answer.Body.Span)) : Refusal(answer);

    public static CallToolResult Of<T>(T answer) => Of(JsonSerializer.SerializeToElement(answer, WireJson.Options));

    public static CallToolResult Of(JsonElement answer) => new()
    {
        StructuredContent = answer,
        Content = [new TextContentBlock { Text = JsonSerializer.Serialize(answer, WireJson.Options) }],
    };

    /// <summary>As text alone: a client holds structured content against the schema of an answer, and a refusal has another.</summary>
    public static CallToolResult Refusal(string text) => new() { IsError = true, Content = [new TextContentBlock { Text = text }] };

    /// <summary>The problem document; a time to wait, which is a header over HTTP, is a member of it.</summary>
    public static CallToolResult Refusal(InnerAnswer answer)
    {
        var text = Encoding.UTF8.GetString(answer.Body.Span);
        if (long.TryParse(answer.Headers.RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && text is [.., '}'])
        {
            // Behind the last member: the result of a provider in it need not be what a reader takes.
            text = string.Create(CultureInfo.InvariantCulture, $"{text[..^1]},\"retry_after_seconds\":{seconds}}}");
        }

        return Refusal(text);
    }

    /// <summary>The tool failed, after an API may have done what it was asked for: so nothing is said of a charge.</summary>
    public static CallToolResult Failed(HttpContext context) => Refusal(new JsonObject
    {
        ["ok"] = false,
        ["code"] = "internal_error",
        ["detail"] = "The gateway failed to answer this call, but may have made it: get_usage shows what was charged. The request id finds "
            + "the reason in its log.",
        ["request_id"] = context.TraceIdentifier,
    }.ToJsonString(WireJson.Options));

    /// <summary>A problem that the tool itself has found, in the form that an endpoint gives it.</summary>
    public static async Task<CallToolResult> RefusalAsync(Problem problem, HttpContext context)
    {
        using var body = new MemoryStream();
        var answer = new DefaultHttpContext { TraceIdentifier = context.TraceIdentifier };
        answer.Response.Body = body;
        await problem.WriteAsync(answer);
        return Refusal(Encoding.UTF8.GetString(body.ToArray()));
    }
}
