using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.InnerCalls;
using MeteringGateway.Mcp.Tools;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace MeteringGateway.Mcp;

/// <summary>Answers <c>tools/list</c> and <c>tools/call</c> for the caller of one request. Any number of callers at once.</summary>
internal sealed class ToolServer(
    ToolCatalog tools, InnerCalls inner, BufferBudget buffers, MessageFaults faults, IOptions<McpOptions> options)
{
    public const string Instructions =
        "Metered calls against prepaid credits. get_pricing lists the surfaces that can be called and what each costs; quote tells what "
        + "one call would cost at most; query makes it and is charged. A refusal is a problem document: its detail and errors say what to "
        + "mend.";

    /// <param name="context">Whose caller is known.</param>
    /// <param name="server">Of this request alone.</param>
    public void Serve(HttpContext context, McpServerOptions server)
    {
        var caller = AccountIdentity.Of(context);
        var isDessert = context.GetEndpoint()?.Metadata.GetMetadata<DessertNames>() is not null;
        server.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(
            new ListToolsResult { Tools = [.. tools.Listed(caller, isDessert).Select(tool => tool.Listed)] });
        server.Filters.Message.IncomingFilters.Add(faults.Of(context));
        server.Handlers.CallToolHandler = (request, token) => CallAsync(context, caller, isDessert, request.Params?.Name ?? "", token);
    }

    private async ValueTask<CallToolResult> CallAsync(
        HttpContext context, AccountIdentity caller, bool isDessert, string name, CancellationToken cancellationToken)
    {
        if (tools.Find(name, isDessert) is not { } tool)
        {
            var known = string.Join(", ", tools.Listed(caller, isDessert).Select(one => one.Name));
            throw new McpProtocolException($"There is no tool of this name; there are {known}.", McpErrorCode.InvalidParams);
        }

        if (tools.Refuse(tool, caller) is { } refusal)
        {
            return await ToolAnswer.RefusalAsync(refusal, context);
        }

        using var lease = new BodyLease(buffers);
        var call = new ToolCall(context, inner, McpBody.ArgumentsOf(context), lease, options.Value.MaxAnswerBytes, cancellationToken);
        try
        {
            tool.RefuseOthers(call);
            return call.Arguments.Errors.Count > 0 ? await call.RefuseAsync() : await tool.RunAsync(call);
        }
        catch (Exception e) when (MessageFaults.IsOurs(e, context))
        {
            faults.Log(e, context, tool.Name);
            return ToolAnswer.Failed(context);
        }
    }
}

/// <summary>On the address that lists the name of the document <c>001</c>.</summary>
internal sealed class DessertNames
{
    public static readonly DessertNames Instance = new();
}
