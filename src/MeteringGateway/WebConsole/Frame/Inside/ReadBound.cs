using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.WebConsole.Frame.Inside;

/// <summary>
/// What the console's pages may ask of PostgreSQL together: so many reads at once, and none for longer than a page is waited for. The
/// flusher and the account APIs share a pool with them, and must not feel them. One wallet gets a part of it, so that a single visitor
/// keeps nobody else waiting; operators have their own, for they look when things are slow. Any number of callers at once.
/// </summary>
internal sealed class ReadBound(TimeProvider time) : IDisposable
{
    private const int Most = 4;
    private const int MostOfAWallet = 2;
    private const int MostOfOperators = 2;

    /// <summary>Wallets that share a part, by their number: a bound on what is kept, whatever number of wallets there is.</summary>
    private const int Parts = 64;

    /// <summary>
    /// Cancelling it cancels the statement in PostgreSQL. A statement takes a hundredth of it; the rest is for the first page after a
    /// start, whose code is compiled meanwhile.
    /// </summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _customers = new(Most);
    private readonly SemaphoreSlim _operators = new(MostOfOperators);
    private readonly SemaphoreSlim[] _wallets = [.. Enumerable.Range(0, Parts).Select(_ => new SemaphoreSlim(MostOfAWallet))];

    /// <param name="wallet">Whose page it is for; null: an operator's.</param>
    /// <param name="read">The read.</param>
    /// <param name="late">The answer where it took too long, its wait for its turn included.</param>
    /// <param name="cancellationToken">The visitor's.</param>
    public async Task<T> RunAsync<T>(long? wallet, Func<CancellationToken, Task<T>> read, T late, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return wallet is { } id
                ? await WithinAsync(
                    _wallets[id % Parts], token => WithinAsync(_customers, read, token), either.Token)
                : await WithinAsync(_operators, read, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return late;
        }
    }

    /// <summary>A read that PostgreSQL gave up for its length, or could not take up at all; a statement that is wrong is neither.</summary>
    public static bool IsLate(Exception exception) => exception is PostgresException answer
        ? answer.SqlState == PostgresErrorCodes.QueryCanceled || answer.IsTransient
        : RetryLoop.IsAway(exception);

    public void Dispose()
    {
        _customers.Dispose();
        _operators.Dispose();
        foreach (var wallet in _wallets)
        {
            wallet.Dispose();
        }
    }

    private static async Task<T> WithinAsync<T>(
        SemaphoreSlim free, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        try
        {
            return await read(cancellationToken);
        }
        finally
        {
            free.Release();
        }
    }
}
