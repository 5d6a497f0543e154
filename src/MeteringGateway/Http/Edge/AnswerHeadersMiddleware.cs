using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Bounds;
using Microsoft.AspNetCore.Http.Features;

namespace MeteringGateway.Http.Edge;

/// <summary>
/// What answers say around their bodies whichever endpoint gives them: what was asked for with a credential is kept by no cache, and a
/// connection on which a body is left unread is not used again.
/// </summary>
internal sealed class AnswerHeadersMiddleware(RequestDelegate next)
{
    /// <summary>A body that Kestrel reads to its end in passing, so that the connection can be used again.</summary>
    private const int ReadInPassing = 64 * 1024;

    public Task InvokeAsync(HttpContext context)
    {
        if (CredentialHeaders.AreIn(context.Request.Headers))
        {
            context.Response.Headers.CacheControl = "no-store";
        }

        var body = context.Features.Get<IHttpRequestBodyDetectionFeature>();
        if (body is { CanHaveBody: true } && (context.Request.ContentLength ?? long.MaxValue) > ReadInPassing)
        {
            context.Response.OnStarting(static state => EndAsync((HttpContext)state), context);
        }

        return next(context);
    }

    /// <summary>
    /// Kestrel reads what is left for five seconds, so that the client sees the answer and no reset, but never beyond its bound for a
    /// body: there the next call on the connection failed without a word.
    /// </summary>
    private static Task EndAsync(HttpContext context)
    {
        if (context.Features.Get<BodyLease>() is { IsBodyRead: true })
        {
            return Task.CompletedTask;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bound)
        {
            bound.MaxRequestBodySize = null;
        }

        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return Task.CompletedTask;
    }
}
