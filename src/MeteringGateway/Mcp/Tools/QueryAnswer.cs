using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.History;
using MeteringGateway.Http.InnerCalls;
using MeteringGateway.Http.Requests;
using ModelContextProtocol.Protocol;

namespace MeteringGateway.Mcp.Tools;

/// <summary>
/// The envelope of a metered call. Over HTTP a text has none, and what it would say is in headers and trailers: here both come together.
/// </summary>
internal static class QueryAnswer
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async Task<CallToolResult> OfAsync(ToolCall call, string surface, InnerAnswer answer)
    {
        if (answer.IsBrokenOff)
        {
            return await BrokenOffAsync(call, answer);
        }

        if (!answer.IsSuccess)
        {
            return ToolAnswer.Refusal(answer);
        }

        var isEnvelope = answer.ContentType == "application/json" && !answer.IsCut;
        if ((isEnvelope ? ReadableJson.Of(answer.Body.Span) : Envelope(surface, answer)) is not { } envelope)
        {
            return await BrokenOffAsync(call, answer);
        }

        var result = ToolAnswer.Of(envelope);
        if (answer.Headers.ContainsKey("Idempotent-Replayed"))
        {
            result.Meta = new JsonObject { ["idempotent_replayed"] = true };
        }

        return result;
    }

    private static JsonElement Envelope(string surface, InnerAnswer answer)
    {
        var envelope = new JsonObject
        {
            ["ok"] = true,
            ["request_id"] = answer.Headers["X-Request-Id"].ToString(),
            ["surface"] = surface,
            ["provider"] = answer.Headers["X-Provider"].ToString(),
            ["result"] = null,
            ["credits_charged"] = Number(answer, AnswerHead.Charged) ?? 0,
            ["remaining_credits"] = Number(answer, AnswerHead.Remaining),
            ["provider_attempts"] = JsonSerializer.SerializeToNode(
                AttemptList.Read(answer.Headers[AnswerHead.Attempts], succeeded: true), WireJson.Options),
        };
        if (answer.IsCut)
        {
            envelope["result_omitted"] = "The answer is larger than this tool passes on; over HTTP it comes whole.";
        }
        else
        {
            try
            {
                envelope["result"] = s_strict.GetString(answer.Body.Span);
            }
            catch (DecoderFallbackException)
            {
                (envelope["result"], envelope["result_encoding"]) = (Convert.ToBase64String(answer.Body.Span), "base64");
            }
        }

        return JsonSerializer.SerializeToElement(envelope, WireJson.Options);
    }

    /// <summary>
    /// Where a connection would have been cut, or JSON that went out as it came was none, nothing in the answer tells the charge; the
    /// call's history does.
    /// </summary>
    private static async Task<CallToolResult> BrokenOffAsync(ToolCall call, InnerAnswer answer)
    {
        var id = answer.Headers["X-Request-Id"].ToString();
        var history = await call.SendAsync(HttpMethods.Get, $"/api/v1/calls/{id}");
        return ToolAnswer.Refusal(new JsonObject
        {
            ["ok"] = false,
            ["code"] = "answer_broke_off",
            ["detail"] = "The answer broke off before it was whole. What the call came to stands under call; null: not known yet.",
            ["request_id"] = id,
            ["call"] = history.IsSuccess ? JsonNode.Parse(history.Body.Span) : null,
        }.ToJsonString(WireJson.Options));
    }

    private static long? Number(InnerAnswer answer, string name) =>
        long.TryParse(
            answer.Trailers.TryGetValue(name, out var late) ? late : answer.Headers[name], NumberStyles.None, CultureInfo.InvariantCulture,
            out var number)
            ? number
            : null;
}
