using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.WebConsole.Frame.Inside;

/// <summary>
/// What the console's pages may ask of PostgreSQL together: so many reads at once, and none for longer than a page is waited for. The
/// flusher and the account APIs share a pool with them, and must not feel them. Any number of callers at once.
/// </summary>
internal sealed class ReadBound(TimeProvider time) : IDisposable
{
    private const int Most = 4;

    /// <summary>
    /// Cancelling it cancels the statement in PostgreSQL. A statement takes a hundredth of it; the rest is for the first page after a
    /// start, whose code is compiled meanwhile.
    /// </summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _free = new(Most);

    /// <summary><paramref name="late"/> where it took too long, its wait for its turn included.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> read, T late, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await _free.WaitAsync(either.Token);
            try
            {
                return await read(either.Token);
            }
            finally
            {
                _free.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return late;
        }
    }

    /// <summary>A read that PostgreSQL gave up for its length, or could not take up at all.</summary>
    public static bool IsLate(Exception exception) =>
        RetryLoop.IsAway(exception) || exception is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled };

    public void Dispose() => _free.Dispose();
}
