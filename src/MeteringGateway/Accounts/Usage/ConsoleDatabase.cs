using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.Usage;

/// <summary>
/// PostgreSQL for pages and reports: a few connections of their own, on which no statement may take long. A type of its own, so that it is
/// never taken for the pool that the ledger and the account APIs have. Any number of callers at once.
/// </summary>
/// <param name="source">For what is read.</param>
/// <param name="visits">For whose cookie it is: an operator gets in, however many reports are being read.</param>
internal sealed class ConsoleDatabase(NpgsqlDataSource source, NpgsqlDataSource visits) : IAsyncDisposable, IDisposable
{
    /// <summary>
    /// Reports at once of the accounts that share a number below <see cref="Parts"/>: half of the connections, where nobody has set them.
    /// </summary>
    private const int ReportsOfPart = 2;
    private const int Parts = 64;

    private readonly SemaphoreSlim[] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new SemaphoreSlim(ReportsOfPart))];

    public NpgsqlDataSource Source => source;

    public NpgsqlDataSource Visits => visits;

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) =>
        source.QueryAsync<T>(sql, parameters, cancellationToken);

    public Task<T> QuerySingleAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) =>
        source.QuerySingleAsync<T>(sql, parameters, cancellationToken);

    /// <summary>
    /// Waits until the account may read a report: one that asks for many at once keeps itself waiting. Null: an operator's.
    /// </summary>
    /// <returns>To be disposed when it is read.</returns>
    public async Task<IDisposable?> TurnAsync(long? accountId, CancellationToken cancellationToken)
    {
        if (accountId is not { } account)
        {
            return null;
        }

        var part = _parts[account % Parts];
        await part.WaitAsync(cancellationToken);
        return new Turn(part);
    }

    public void Dispose()
    {
        source.Dispose();
        visits.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await visits.DisposeAsync();
    }

    private sealed class Turn(SemaphoreSlim part) : IDisposable
    {
        public void Dispose() => part.Release();
    }
}
