using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.Usage;

/// <summary>
/// PostgreSQL for pages and reports: a few connections of their own, on which no statement may take long. A type of its own, so that it is
/// never taken for the pool that the ledger and the account APIs have. Any number of callers at once.
/// </summary>
internal sealed class ConsoleDatabase(NpgsqlDataSource source) : IAsyncDisposable, IDisposable
{
    public NpgsqlDataSource Source => source;

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) =>
        source.QueryAsync<T>(sql, parameters, cancellationToken);

    public Task<T> QuerySingleAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) =>
        source.QuerySingleAsync<T>(sql, parameters, cancellationToken);

    public void Dispose() => source.Dispose();

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
