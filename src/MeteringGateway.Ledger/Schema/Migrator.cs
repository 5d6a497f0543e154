using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Ledger.Schema;

/// <summary>
/// The result of a run. A non-null <paramref name="Refusal"/> is the message that stops the start; then nothing was changed.
/// </summary>
internal sealed record MigrationResult(IReadOnlyList<string> Applied, string? Refusal);

/// <summary>
/// Migrates the schema forward, never back. Applies all missing migrations in one transaction under one advisory lock: of several gateways
/// that start together one migrates while the others wait, and a failure leaves the old schema intact.
/// </summary>
internal sealed class Migrator(NpgsqlDataSource database, IReadOnlyList<Migration> migrations)
{
    private static readonly string s_open = SqlFile.Read("Schema/open-migrations.sql");
    private static readonly string s_applied = SqlFile.Read("Schema/read-migrations.sql");
    private static readonly string s_note = SqlFile.Read("Schema/note-migration.sql");

    public async Task<MigrationResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, s_open, cancellationToken);

        var applied = await ReadAppliedAsync(connection, cancellationToken);
        if (Refusal(applied) is { } refusal)
        {
            return new MigrationResult([], refusal);
        }

        var missing = migrations.Where(m => !applied.ContainsKey(m.Name)).ToList();
        foreach (var migration in missing)
        {
            try
            {
                await ExecuteAsync(connection, migration.Up, cancellationToken);
                if (migration.After is { } after)
                {
                    await ExecuteAsync(connection, after, cancellationToken);
                }
            }
            catch (PostgresException e)
            {
                return new MigrationResult([], $"Migration {migration.Name} failed and was undone: {e.MessageText}");
            }

            await using var note = new NpgsqlCommand(s_note, connection);
            note.Parameters.AddWithValue("name", migration.Name);
            note.Parameters.AddWithValue("checksum", migration.Checksum);
            await note.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new MigrationResult([.. missing.Select(m => m.Name)], null);
    }

    /// <summary>
    /// The history in the database must be an unchanged prefix of this build's migrations; otherwise the schema is not the one that
    /// this build expects.
    /// </summary>
    private string? Refusal(Dictionary<string, string> applied)
    {
        var known = migrations.ToDictionary(m => m.Name);
        foreach (var (name, checksum) in applied.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            if (!known.TryGetValue(name, out var migration))
            {
                return $"The database has migration {name}, which this version does not know: start the version that made it, "
                    + "or a newer one.";
            }

            if (migration.Checksum != checksum)
            {
                return $"Migration {name} was changed after it was applied (checksum {migration.Checksum[..12]}…, "
                    + $"the database has {checksum[..12]}…): restore it and put the change into a new migration.";
            }
        }

        var last = applied.Keys.Max(StringComparer.Ordinal);
        var late = migrations.FirstOrDefault(m => !applied.ContainsKey(m.Name) && StringComparer.Ordinal.Compare(m.Name, last) < 0);
        return late is null ? null : $"Migration {late.Name} comes before {last}, which is applied already: give it the next number.";
    }

    private static async Task<Dictionary<string, string>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(s_applied, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<string, string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(reader.GetString(0), reader.GetString(1));
        }

        return applied;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // No time limit: a migration of a large table, or the wait for another gateway's migration, has no bound.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
