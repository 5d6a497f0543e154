namespace MeteringGateway.Http.Bounds;

/// <summary>
/// Gives work that anybody can ask for (hashes, large bodies to be parsed) half of the cores at most, so that it goes behind the calls,
/// and lets a bounded number wait for them. Any number of callers at once.
/// </summary>
internal sealed class WorkGate(int maxWaiting) : IDisposable
{
    private readonly SemaphoreSlim _cores = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _inside;

    /// <exception cref="BadHttpRequestException">Too many wait already: a 503.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _inside) > maxWaiting)
        {
            Interlocked.Decrement(ref _inside);
            throw new BadHttpRequestException(
                "The gateway has no room for this call at the moment.", StatusCodes.Status503ServiceUnavailable);
        }

        try
        {
            await _cores.WaitAsync(cancellationToken);
            try
            {
                return work();
            }
            finally
            {
                _cores.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public void Dispose() => _cores.Dispose();
}
