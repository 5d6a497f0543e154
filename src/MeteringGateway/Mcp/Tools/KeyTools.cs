using System.Globalization;
using System.Text;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace MeteringGateway.Mcp.Tools;

/// <summary>The keys of the account or team of a session; its role and the audit are the API's.</summary>
internal static class KeyTools
{
    private const string Path = "/api/me/keys";
    private const string Id = "key_id";
    private const int MostKeys = 200;

    public static async Task<CallToolResult> ListAsync(ToolCall call)
    {
        var (limit, offset) = (call.Arguments.Whole("limit", 1, MostKeys) ?? 50, call.Arguments.Whole("offset", 0, int.MaxValue) ?? 0);
        return call.Arguments.Errors.Count > 0
            ? await call.RefuseAsync()
            : ToolAnswer.Of(await call.SendAsync(
                HttpMethods.Get, string.Create(CultureInfo.InvariantCulture, $"{Path}?limit={limit}&offset={offset}")));
    }

    public static async Task<CallToolResult> CreateAsync(ToolCall call) =>
        ToolAnswer.Of(await call.SendAsync(HttpMethods.Post, Path, Encoding.UTF8.GetBytes(call.Given.GetRawText())));

    /// <summary>The limits of the call take the place of those that the key had; what is spent stays.</summary>
    public static async Task<CallToolResult> SetLimitAsync(ToolCall call)
    {
        var id = call.Arguments.Whole(Id, 1, long.MaxValue, required: true);
        if (!call.Arguments.Given("spending_limit") && !call.Arguments.Given("limits"))
        {
            call.Arguments.Refuse("spending_limit", "is required, or limits in its place; null takes the limit away");
        }

        if (call.Arguments.Errors.Count > 0)
        {
            return await call.RefuseAsync();
        }

        var change = call.Given.EnumerateObject().Where(given => given.Name != Id).ToDictionary(given => given.Name, given => given.Value);
        return ToolAnswer.Of(await call.SendAsync(HttpMethods.Patch, PathOf(id!.Value), JsonSerializer.SerializeToUtf8Bytes(change)));
    }

    public static async Task<CallToolResult> RevokeAsync(ToolCall call)
    {
        if (call.Arguments.Whole(Id, 1, long.MaxValue, required: true) is not { } id)
        {
            return await call.RefuseAsync();
        }

        var answer = await call.SendAsync(HttpMethods.Delete, PathOf(id));
        return answer.IsSuccess ? ToolAnswer.Of(new RevokedKey(id, "revoked")) : ToolAnswer.Refusal(answer);
    }

    private static string PathOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{Path}/{id}");

    private sealed record RevokedKey(long Id, string Status);
}
