using Dapper;
using Npgsql;

namespace MeteringGateway.Testing;

/// <summary>
/// A transaction of the test's own that stays open, so that two transactions meet at a place that the test chooses: the other one is seen
/// to wait for this one before it goes on. What is not committed is rolled back.
/// </summary>
public sealed class HeldTransaction : IAsyncDisposable
{
    private const string Waiting =
        """
        with recursive waiting as (
          select pid from pg_stat_activity where @held = any(pg_blocking_pids(pid))
          union
          select a.pid from pg_stat_activity a join waiting w on w.pid = any(pg_blocking_pids(a.pid))
        )
        select count(*) from waiting
        """;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly string _database;

    private HeldTransaction(string database, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _database = database;
        _connection = connection;
        _transaction = transaction;
    }

    /// <summary>Begins it with a statement that takes the rows in question.</summary>
    public static async Task<HeldTransaction> BeginAsync(string database, string sql, object parameters)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        var held = new HeldTransaction(database, connection, await connection.BeginTransactionAsync());
        await held.ExecuteAsync(sql, parameters);
        return held;
    }

    public Task ExecuteAsync(string sql, object parameters) => _connection.ExecuteAsync(sql, parameters, _transaction);

    /// <summary>
    /// Until so many transactions wait for this one, or for one that does; <paramref name="last"/>, which begins the last of them, must not
    /// end before.
    /// </summary>
    public async Task AwaitWaitersAsync(int count, Task last)
    {
        // On a connection of its own: inside a transaction the view of what others do stands still.
        await using var looking = new NpgsqlConnection(_database);
        await looking.OpenAsync();
        await Eventually.TrueAsync(
            async () => last.IsCompleted || await looking.ExecuteScalarAsync<long>(Waiting, new { held = _connection.ProcessID }) >= count,
            () => $"no {count} transactions wait");
        if (last.IsCompleted)
        {
            throw new InvalidOperationException($"It did not wait for the transaction: {last.Exception}");
        }
    }

    public Task CommitAsync() => _transaction.CommitAsync();

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
