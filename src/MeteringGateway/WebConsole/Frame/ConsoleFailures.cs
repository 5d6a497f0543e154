using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Frame;

/// <summary>A page for a reader where the APIs answer with JSON: PostgreSQL or Redis away, an address that leads nowhere.</summary>
internal static class ConsoleFailures
{
    public static RouteGroupBuilder WithFailurePages(this RouteGroupBuilder group) => group.AddEndpointFilter(static async (call, next) =>
    {
        try
        {
            return await next(call);
        }
        catch (Exception e) when (ReadBound.IsLate(e) && !call.HttpContext.RequestAborted.IsCancellationRequested)
        {
            call.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ConsoleFailures)).LogWarning(
                "A page of the console ({Route}, request {RequestId}) can't be shown: {Reason}",
                call.HttpContext.GetEndpoint()?.DisplayName, call.HttpContext.TraceIdentifier, e.Message);
            return MessagePage.Of(
                "Not now",
                "PostgreSQL or Redis does not answer, so this page can't be shown. Calls are metered as long as Redis is there. Try again "
                + "in a moment.",
                StatusCodes.Status503ServiceUnavailable);
        }
    });

    /// <summary>After all pages of the side.</summary>
    public static void MapNowhere(this RouteGroupBuilder group) => group.MapGet("/{**rest}", () => MessagePage.NotFound("page"));
}
