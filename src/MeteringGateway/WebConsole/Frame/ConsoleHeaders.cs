namespace MeteringGateway.WebConsole.Frame;

/// <summary>
/// What every page of the console says to the browser: nothing is loaded from elsewhere, nothing stands inline, no other site may frame it,
/// and nobody keeps it.
/// </summary>
internal static class ConsoleHeaders
{
    public static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentType = "text/html; charset=utf-8";
        headers.ContentSecurityPolicy = context.RequestServices.GetRequiredService<PaymentPages>().Policy;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
    }
}
