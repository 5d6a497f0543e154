using System.Security.Cryptography;
using System.Text;

namespace MeteringGateway.WebConsole.Frame;

/// <summary>
/// A part of a page by itself, which the page's script fetches every few seconds in place of what stands there. The same as the last time
/// is 304 and no bytes.
/// </summary>
internal sealed class ConsolePart<TView, TModel>(TModel model) : IResult
    where TView : ModelView<TModel>
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var html = await Html.OfAsync<TView>(
            httpContext.RequestServices, new Dictionary<string, object?> { [nameof(ModelView<TModel>.Model)] = model });
        var bytes = Encoding.UTF8.GetBytes(html);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\"";
        ConsoleHeaders.Set(httpContext);
        httpContext.Response.Headers.ETag = tag;
        if (httpContext.Request.Headers.IfNoneMatch == tag)
        {
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}
