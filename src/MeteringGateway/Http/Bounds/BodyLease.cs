namespace MeteringGateway.Http.Bounds;

/// <summary>
/// What one call keeps in memory, counted against the bound of all; given back when its answer is out. For one request,
/// one caller at a time.
/// </summary>
internal sealed class BodyLease(BufferBudget budget) : IDisposable
{
    private long _body;
    private long _answer;

    /// <summary>The request's body has arrived to its end.</summary>
    public bool IsBodyRead { get; set; }

    /// <summary>
    /// The lease of a request whose endpoint gives it back itself: without the services of the request, which are a scope of their own.
    /// </summary>
    public static BodyLease Begin(HttpContext context, BufferBudget budget)
    {
        var lease = new BodyLease(budget);
        context.Features.Set(lease);
        return lease;
    }

    public static BodyLease Of(HttpContext context)
    {
        if (context.Features.Get<BodyLease>() is not { } lease)
        {
            lease = new BodyLease(context.RequestServices.GetRequiredService<BufferBudget>());
            context.Features.Set(lease);
            context.Response.RegisterForDispose(lease);
        }

        return lease;
    }

    /// <summary>The request's body has so many bytes so far. False: refuse the call.</summary>
    public bool TryKeepBody(long bytes) => TryKeep(ref _body, bytes);

    /// <summary>
    /// The answer that is read now has so many bytes so far, which stand in place of those of an attempt before. False: refuse the call.
    /// </summary>
    public bool TryKeepAnswer(long bytes) => TryKeep(ref _answer, bytes);

    public void Dispose()
    {
        TryKeep(ref _body, 0);
        TryKeep(ref _answer, 0);
    }

    private bool TryKeep(ref long kept, long bytes)
    {
        var more = bytes - kept;
        if (more > 0 && !budget.TryTake(more))
        {
            return false;
        }

        if (more < 0)
        {
            budget.Return(-more);
        }

        kept = bytes;
        return true;
    }
}
