namespace MeteringGateway.WebConsole.Frame;

/// <summary>What a form is answered with when it has done its work: what was posted is not posted again by a reload.</summary>
internal sealed class SeeOther(string target) : IResult
{
    public static SeeOther To(string target) => new(target);

    /// <param name="path">Of the page.</param>
    /// <param name="done">A word of <see cref="DoneText"/>.</param>
    public static SeeOther Done(string path, string done) => new($"{path}?done={done}");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        ConsoleHeaders.Set(httpContext);
        httpContext.Response.Headers.ContentType = default;
        httpContext.Response.Headers.Location = target;
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        return Task.CompletedTask;
    }
}
