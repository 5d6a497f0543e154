using Microsoft.Net.Http.Headers;

namespace MeteringGateway.Calls.Answers;

/// <summary>Which bodies a metered call may have.</summary>
internal static class MediaTypes
{
    public static bool IsJson(HttpRequest request)
    {
        if (request.ContentType == "application/json" && request.Headers.ContentEncoding.Count == 0)
        {
            return true;
        }

        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
            && request.Headers.ContentEncoding.ToString() is "" or "identity";
    }
}
