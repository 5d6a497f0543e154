using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace MeteringGateway.Mcp;

/// <summary>
/// Tells what a client has to mend from what has failed here. The protocol's server answers both with "An error occurred." and logs both
/// as failures: here the first is an error that says what is wrong and stands in no log, for anybody can send it as often as he likes,
/// and the second is logged. Any number of callers at once.
/// </summary>
internal sealed class MessageFaults(ILogger<MessageFaults> logger)
{
    /// <summary>Around the handlers of one request's messages.</summary>
    public McpMessageFilter Of(HttpContext context) => next => async (message, cancellationToken) =>
    {
        try
        {
            await next(message, cancellationToken);
        }
        catch (JsonException e)
        {
            throw new McpProtocolException(Words(e), McpErrorCode.InvalidParams);
        }
        catch (Exception e) when (IsOurs(e, context))
        {
            Log(e, context, "message");
            throw;
        }
    };

    /// <summary>Around the endpoint: the parameters of <c>initialize</c> are read in front of any handler.</summary>
    public static async ValueTask<object?> AroundAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        try
        {
            return await next(call);
        }
        catch (JsonException e) when (!call.HttpContext.Response.HasStarted)
        {
            var id = call.HttpContext.Features.GetRequiredFeature<McpBody>().Message.GetProperty("id");
            var error = new JsonRpcError
            {
                Id = id.Deserialize<RequestId>(McpJsonUtilities.DefaultOptions),
                Error = new JsonRpcErrorDetail { Code = (int)McpErrorCode.InvalidParams, Message = Words(e) },
            };
            return TypedResults.Json<JsonRpcMessage>(error, McpJsonUtilities.DefaultOptions);
        }
    }

    /// <summary>Neither an answer of its own nor a client that has left.</summary>
    public static bool IsOurs(Exception exception, HttpContext context) =>
        exception is not (McpException or OperationCanceledException) && !context.RequestAborted.IsCancellationRequested;

    public void Log(Exception exception, HttpContext context, string what) =>
        logger.LogError(exception, "Request {RequestId} failed at the {What}", context.TraceIdentifier, what);

    private static string Words(JsonException e) => $"The params are not those of the method: {e.Message}";
}
