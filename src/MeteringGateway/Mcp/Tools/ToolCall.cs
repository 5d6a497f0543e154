using System.Text.Json;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.InnerCalls;
using MeteringGateway.Http.Requests;
using ModelContextProtocol.Protocol;

namespace MeteringGateway.Mcp.Tools;

/// <summary>One call of a tool. For one request, one caller at a time.</summary>
/// <param name="context">Of the request that brought it.</param>
/// <param name="inner">Sends what it asks for to the APIs.</param>
/// <param name="given">Its arguments as they came: a JSON object.</param>
/// <param name="lease">Counts the answers.</param>
/// <param name="maxAnswerBytes">Of one.</param>
/// <param name="cancellationToken">Of its client.</param>
internal sealed class ToolCall(
    HttpContext context, InnerCalls inner, JsonElement given, BodyLease lease, int maxAnswerBytes, CancellationToken cancellationToken)
{
    private const string Scenario = "X-Test-Scenario";

    public HttpContext Context => context;

    public JsonElement Given => given;

    /// <summary>Reads the arguments, and collects what is wrong with them.</summary>
    public RequestFields Arguments { get; } = new(given);

    /// <summary>For arguments that are wrong, each of which is named.</summary>
    public Task<CallToolResult> RefuseAsync() => ToolAnswer.RefusalAsync(Problem.InvalidRequest(Arguments.Errors), context);

    /// <summary>
    /// With the credential of the request, in the one header that every endpoint reads: a call that waits is looked at anew, so a key that
    /// was revoked meanwhile is refused.
    /// </summary>
    public Task<InnerAnswer> SendAsync(
        string method, string target, ReadOnlyMemory<byte> body = default, params IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var credential = Credential.ReadWithSessions(context.Request.Headers);
        var all = new List<KeyValuePair<string, string>>(headers) { new("Authorization", Credential.Scheme + credential.Value) };
        if (context.Request.Headers[Scenario] is [{ } scenario])
        {
            all.Add(new(Scenario, scenario));
        }

        var call = new InnerCall(method, target) { Body = body, Headers = all, MaxAnswerBytes = maxAnswerBytes, Lease = lease };
        return inner.SendAsync(call, context, cancellationToken);
    }
}
