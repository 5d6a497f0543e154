using MeteringGateway.Http.Errors;
using Microsoft.Extensions.Primitives;

namespace MeteringGateway.Http.Edge;

/// <summary>
/// Refuses a request whose end two readers could see in two places (RFC 9112, 6.1 and 6.3): a proxy in front that reads it the other way
/// would take the rest for a call of somebody else. What Kestrel itself can't parse does not come here.
/// </summary>
internal sealed class FramingMiddleware(RequestDelegate next)
{
    /// <summary>Where Kestrel moves a length that stands beside a transfer coding.</summary>
    private const string MovedLength = "X-Content-Length";

    public Task InvokeAsync(HttpContext context)
    {
        var coding = context.Request.Headers.TransferEncoding;
        return coding.Count == 0 || IsPlain(context.Request, coding) ? next(context) : RefuseAsync(context);
    }

    /// <summary>One coding, once; HTTP/1.0 has none, and no length beside it.</summary>
    private static bool IsPlain(HttpRequest request, StringValues coding) =>
        coding.Count == 1 && string.Equals(coding[0], "chunked", StringComparison.OrdinalIgnoreCase)
        && !HttpProtocol.IsHttp10(request.Protocol)
        && request.ContentLength is null && !request.Headers.ContainsKey(MovedLength);

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        return Problem.Of(
            ErrorCode.InvalidRequest,
            "The request's framing is ambiguous: send either one Content-Length or 'Transfer-Encoding: chunked' alone.")
            .WriteAsync(context).AsTask();
    }
}
