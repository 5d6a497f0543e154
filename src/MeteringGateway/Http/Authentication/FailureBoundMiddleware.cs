using MeteringGateway.Http.Errors;

namespace MeteringGateway.Http.Authentication;

/// <summary>
/// Refuses an address that comes with too many wrong credentials (<see cref="FailureBound"/>), before they are looked up.
/// </summary>
internal sealed class FailureBoundMiddleware(RequestDelegate next, FailureBound failures)
{
    public Task InvokeAsync(HttpContext context) =>
        failures.IsQuiet || !CredentialHeaders.AreIn(context.Request.Headers) ? next(context) : GuardAsync(context);

    private async Task GuardAsync(HttpContext context)
    {
        if (failures.Refuse(context) is { } wait)
        {
            await new Problem
            {
                Code = ErrorCode.RateLimited,
                Detail =
                    "Too many calls with wrong credentials came from this address. The Retry-After header says when the next is possible.",
                RetryAfter = wait,
            }.WriteAsync(context);
            return;
        }

        await next(context);
        if (context.Response.StatusCode < StatusCodes.Status400BadRequest)
        {
            failures.Succeeded(context);
        }
    }
}
