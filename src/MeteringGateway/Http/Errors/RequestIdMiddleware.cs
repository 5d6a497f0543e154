namespace MeteringGateway.Http.Errors;

/// <summary>
/// Gives every request its id, always one of ours: the id is what a charge is booked under, so a client must not choose it.
/// </summary>
internal sealed class RequestIdMiddleware(RequestDelegate next, TimeProvider time)
{
    public const string HeaderName = "X-Request-Id";

    public Task InvokeAsync(HttpContext context)
    {
        // Version 7 sorts by time, which keeps the ledger's primary key growing at its right edge.
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        context.TraceIdentifier = id;
        context.Response.Headers[HeaderName] = id;
        return next(context);
    }
}
