using System.Globalization;
using ModelContextProtocol.Protocol;

namespace MeteringGateway.Mcp.Tools;

/// <summary>What an account and a key may look at.</summary>
internal static class AccountTools
{
    /// <summary>As many as the document <c>001</c> speaks of.</summary>
    private const int MostEntries = 50;

    public static async Task<CallToolResult> BalanceAsync(ToolCall call) =>
        ToolAnswer.Of(await call.SendAsync(HttpMethods.Get, "/v1/balance"));

    public static async Task<CallToolResult> UsageAsync(ToolCall call)
    {
        var limit = call.Arguments.Whole("limit", 1, MostEntries) ?? MostEntries;
        return call.Arguments.Errors.Count > 0
            ? await call.RefuseAsync()
            : ToolAnswer.Of(await call.SendAsync(
                HttpMethods.Get, string.Create(CultureInfo.InvariantCulture, $"/v1/usage?limit={limit}")));
    }

    public static async Task<CallToolResult> KeyAsync(ToolCall call) =>
        ToolAnswer.Of(await call.SendAsync(HttpMethods.Get, "/api/v1/key"));
}
