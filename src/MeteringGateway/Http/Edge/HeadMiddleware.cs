using MeteringGateway.Http.Errors;

namespace MeteringGateway.Http.Edge;

/// <summary>
/// HEAD where GET is, and OPTIONS everywhere (RFC 9110, 9.3.2 and 9.3.7): a HEAD runs as the GET of its path, whose body Kestrel, which
/// still knows the request as HEAD, does not send.
/// </summary>
internal sealed class HeadMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var method = context.Request.Method;
        return HttpMethods.IsGet(method) || HttpMethods.IsPost(method) ? next(context) : HandleAsync(context, method);
    }

    private async Task HandleAsync(HttpContext context, string method)
    {
        if (HttpMethods.IsHead(method))
        {
            context.Request.Method = HttpMethods.Get;
        }

        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = method;
        }

        if (HttpMethods.IsOptions(method)
            && context.Response is { HasStarted: false, StatusCode: StatusCodes.Status405MethodNotAllowed } response)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            response.Headers.Allow = AllowHeader.Whole(response.Headers.Allow.ToString());
        }
    }
}
