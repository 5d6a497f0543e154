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
    public NpgsqlDataSource Source => source;

    public NpgsqlDataSource Visits => visits;

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) =>
        source.QueryAsync<T>(sql, parameters, cancellationToken);

    public Task<T> QuerySingleAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) =>
        source.QuerySingleAsync<T>(sql, parameters, cancellationToken);

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
}
