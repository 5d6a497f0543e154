using System.Buffers;
using System.Text;
using System.Text.Json;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Errors;
using ModelContextProtocol.Protocol;

namespace MeteringGateway.Mcp.Tools;

/// <summary>A metered call and what it would cost, by the endpoint of all metered calls.</summary>
internal static class QueryTools
{
    private const string Path = "/api/v1/query";
    private const string Surface = "surface";
    private const string Body = "body";
    private const string IdempotencyKey = "idempotency_key";
    private const int LongestKey = 255;

    public static async Task<CallToolResult> QuoteAsync(ToolCall call) =>
        RequestOf(call) is { } request
            ? ToolAnswer.Of(await call.SendAsync(HttpMethods.Post, Path + "?dry_run=true", request))
            : await call.RefuseAsync();

    public static async Task<CallToolResult> QueryAsync(ToolCall call)
    {
        var key = call.Arguments.Set(IdempotencyKey) ? call.Given.GetProperty(IdempotencyKey) : default;
        if (key.ValueKind != JsonValueKind.Undefined && !IsKey(key))
        {
            call.Arguments.Refuse(IdempotencyKey, "must be a text of 1 to 255 visible ASCII characters without spaces");
        }

        if (RequestOf(call) is not { } request)
        {
            return await call.RefuseAsync();
        }

        var surface = call.Given.GetProperty(Surface).GetString()!;
        var headers = PassedOn(call, surface);
        if (key.ValueKind == JsonValueKind.String)
        {
            headers.Add(new("Idempotency-Key", key.GetString()!));
        }

        return await QueryAnswer.OfAsync(call, surface, await call.SendAsync(HttpMethods.Post, Path, request, headers));
    }

    /// <summary>Those that the surface gives to its providers, where the client sends them with each of its messages.</summary>
    private static List<KeyValuePair<string, string>> PassedOn(ToolCall call, string surface)
    {
        var known = call.Context.RequestServices.GetRequiredService<SurfaceSource>().Current.BySlug.GetValueOrDefault(surface);
        var headers = call.Context.Request.Headers;
        return [.. (known?.PassHeaders ?? []).Where(headers.ContainsKey)
            .Select(name => new KeyValuePair<string, string>(name, headers[name].ToString()))];
    }

    /// <summary>The two arguments as the one object of the call: what goes to a provider is as it came. Null: refused.</summary>
    private static ReadOnlyMemory<byte>? RequestOf(ToolCall call)
    {
        var surface = call.Arguments.Text(Surface, 200, required: true);
        var body = call.Arguments.Nested(Body, required: true);
        if (body is { } given && given.EnumerateObject().Any(field => field.NameEquals(Surface)))
        {
            call.Arguments.Errors.Add(new FieldError(
                $"#/{Body}/{Surface}", "must not be there: the surface is an argument of its own, beside the body"));
        }

        if (call.Arguments.Errors.Count > 0)
        {
            return null;
        }

        return Join(call.Given.GetProperty(Surface), body!.Value);
    }

    private static ReadOnlyMemory<byte> Join(JsonElement surface, JsonElement body)
    {
        var fields = body.GetRawText().AsSpan(1).TrimStart();
        var text = new ArrayBufferWriter<byte>(fields.Length + 64);
        Encoding.UTF8.GetBytes($"{{\"surface\":{surface.GetRawText()}{(fields is "}" ? "" : ",")}", text);
        Encoding.UTF8.GetBytes(fields, text);
        return text.WrittenMemory;
    }

    private static bool IsKey(JsonElement key) =>
        key.ValueKind == JsonValueKind.String && key.GetString() is { Length: > 0 and <= LongestKey } text
        && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
