using MeteringGateway.Ledger.Background;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace MeteringGateway.Http.Errors;

/// <summary>
/// Turns what went wrong below into a problem: refusals of the server, answers without a body, Redis or PostgreSQL away, bugs.
/// </summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            try
            {
                await next(context);
            }
            catch (Exception exception) when (!context.Response.HasStarted && !HasLeft(context, exception))
            {
                await AnswerAsync(context, exception);
                return;
            }

            if (!context.Response.HasStarted
                && context.Response is { ContentType: null, ContentLength: null, StatusCode: >= 400 and var status })
            {
                if (status == StatusCodes.Status405MethodNotAllowed)
                {
                    context.Response.Headers.Allow = AllowHeader.Whole(context.Response.Headers.Allow.ToString());
                }

                await OfStatus(status, context.Request).WriteAsync(context);
            }
        }
        catch (Exception exception) when (HasLeft(context, exception))
        {
            // Nobody reads an answer, and a client that goes is no event of the log: anybody can go as often as he likes.
            await EndConnectionAsync(context);
            context.Abort();
        }
    }

    /// <summary>
    /// Begins an answer that says that the connection ends: without one the server goes on to the next request of a connection whose
    /// reader still stands in this one's body, and logs a warning with a stack that it can't.
    /// </summary>
    private static async Task EndConnectionAsync(HttpContext context)
    {
        if (context.Response.HasStarted || !HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.Headers.Connection = "close";
        try
        {
            await context.Response.StartAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Nobody is there to take it.
        }
    }

    /// <summary>The client's end of the connection is gone: a reset, a body that broke off, or whatever waited for either.</summary>
    private static bool HasLeft(HttpContext context, Exception exception) =>
        exception is ConnectionAbortedException or ConnectionResetException
        || (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException);

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        var problem = Explain(exception);
        if (problem is null)
        {
            logger.LogError(
                exception, "Request {RequestId} to {Route} failed", context.TraceIdentifier, context.GetEndpoint()?.DisplayName);
            problem = Problem.Of(
                ErrorCode.InternalError, "The gateway failed to answer this request. The request id finds the reason in its log.");
        }
        else if (problem.Code == ErrorCode.MeteringUnavailable)
        {
            logger.LogWarning(
                "Request {RequestId} was refused, {Store} is away: {Reason}",
                context.TraceIdentifier, RetryLoop.StoreOf(exception), exception.Message);
        }
        else if (exception is PostgresException refused)
        {
            logger.LogWarning(
                "Request {RequestId} to {Route} was refused by the ledger only: {State} {Constraint}",
                context.TraceIdentifier, context.GetEndpoint()?.DisplayName, refused.SqlState, refused.ConstraintName);
        }

        context.Response.Clear();
        if (exception is BadHttpRequestException && context.Request.Protocol.StartsWith("HTTP/1", StringComparison.Ordinal))
        {
            // What follows on the connection can't be told from the rest of the body that broke.
            context.Response.Headers.Connection = "close";
        }

        await problem.WriteAsync(context);
    }

    private static Problem? Explain(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: 408 } => Problem.Of(ErrorCode.RequestTimeout, "The body came in too slowly."),
        BadHttpRequestException { StatusCode: 413 } => Problem.Of(ErrorCode.BodyTooLarge, "The body is larger than this call takes."),
        BadHttpRequestException { StatusCode: 429 } e => Problem.Of(ErrorCode.RateLimited, e.Message),
        BadHttpRequestException { StatusCode: 503 } => Problem.Overloaded,
        BadHttpRequestException { StatusCode: 415 } => Problem.Of(ErrorCode.UnsupportedMediaType, "Send 'Content-Type: application/json'."),
        BadHttpRequestException e => Problem.Of(ErrorCode.InvalidRequest, e.Message),
        // Every reader refuses what PostgreSQL can't store before it comes so far; these keep a slip of one from being a failure of ours.
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } =>
            Problem.Of(ErrorCode.InvalidRequest, "The request has a text that can't be stored."),
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } =>
            Problem.Of(ErrorCode.Conflict, "Another request made the same thing at the same moment."),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } =>
            Problem.Of(ErrorCode.Overloaded, "The look took too long and was given up. Ask for less, or again in a moment."),
        // A broken connection, not a statement that PostgreSQL refused: that would be a bug of ours.
        NpgsqlException e when e is not PostgresException || e.IsTransient =>
            Problem.Of(ErrorCode.MeteringUnavailable, "The books are not reachable. Send the request again."),
        System.Net.Sockets.SocketException =>
            Problem.Of(ErrorCode.MeteringUnavailable, "A store is not reachable. Send the request again."),
        StoreUnavailableException => Problem.Of(ErrorCode.MeteringUnavailable, "Redis is not reachable. Send the request again."),
        OutOfMemoryException => Problem.Overloaded,
        _ => null,
    };

    private static Problem OfStatus(int status, HttpRequest request)
    {
        var code = ErrorCatalog.ForStatus(status) ?? ErrorCode.InternalError;
        return new Problem
        {
            Code = code,
            Status = status,
            Detail = code switch
            {
                ErrorCode.NotFound => $"Nothing is served at {request.Method} {request.Path}.",
                ErrorCode.MethodNotAllowed => $"{request.Method} is not allowed at {request.Path}; the Allow header says what is.",
                ErrorCode.UnsupportedMediaType => "Send 'Content-Type: application/json'.",
                _ => ErrorCatalog.Of(code).Title + ".",
            },
        };
    }
}

internal static class ProblemApplicationBuilderExtensions
{
    /// <summary>First in the pipeline: every answer has its request id, every failure the one shape.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) =>
        app.UseMiddleware<RequestIdMiddleware>().UseMiddleware<ProblemMiddleware>();
}
