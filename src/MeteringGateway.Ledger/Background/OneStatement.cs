using Dapper;
using Npgsql;

namespace MeteringGateway.Ledger.Background;

/// <summary>Runs one statement on a connection of its own, outside of any transaction. Any number of callers at once.</summary>
internal static class OneStatement
{
    public static async Task<IReadOnlyList<T>> QueryAsync<T>(
        this NpgsqlDataSource database, string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<T>(Of(sql, parameters, cancellationToken))).AsList();
    }

    public static async Task<T> QuerySingleAsync<T>(
        this NpgsqlDataSource database, string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<T>(Of(sql, parameters, cancellationToken));
    }

    public static async Task<T?> QuerySingleOrDefaultAsync<T>(
        this NpgsqlDataSource database, string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<T>(Of(sql, parameters, cancellationToken));
    }

    /// <summary>One page of a list: the text has two statements, of which the first counts the whole list.</summary>
    public static async Task<(IReadOnlyList<T> Rows, long Total)> QueryPageAsync<T>(
        this NpgsqlDataSource database, string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var answer = await connection.QueryMultipleAsync(Of(sql, parameters, cancellationToken));
        var total = await answer.ReadSingleAsync<long>();
        return ((await answer.ReadAsync<T>()).AsList(), total);
    }

    /// <summary>Returns the number of changed rows.</summary>
    public static async Task<int> ExecuteAsync(
        this NpgsqlDataSource database, string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(Of(sql, parameters, cancellationToken));
    }

    private static CommandDefinition Of(string sql, object? parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, cancellationToken: cancellationToken);
}
