namespace MeteringGateway.Http.Errors;

/// <summary>The <c>Allow</c> header of an answer (RFC 9110, 10.2.1).</summary>
internal static class AllowHeader
{
    /// <summary>The framework lists what is mapped; what is answered here goes with it.</summary>
    public static string Whole(string allow)
    {
        var methods = allow.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        if (methods.Contains(HttpMethods.Get) && !methods.Contains(HttpMethods.Head))
        {
            methods.Insert(methods.IndexOf(HttpMethods.Get) + 1, HttpMethods.Head);
        }

        return string.Join(", ", methods.Contains(HttpMethods.Options) ? methods : methods.Append(HttpMethods.Options));
    }
}
