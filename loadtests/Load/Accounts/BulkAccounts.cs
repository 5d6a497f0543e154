using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace MeteringGateway.Load.Accounts;

/// <summary>
/// Makes accounts straight in PostgreSQL, with COPY: a million of them in a minute, where the operator API would take hours. Each is what
/// the API would have made: an account with its opening credits as entry 1 of its chain, so that <c>ledger verify</c> holds of it, and one
/// live key without limits. What COPY can't say (the next number of an identity) is set afterwards.
/// </summary>
internal static class BulkAccounts
{
    public const long OpeningCredits = 1_000_000_000;

    public static async Task MakeAsync(NpgsqlDataSource database, string keyFile, int count, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await CopyAsync(
            connection, "accounts (id, email, email_key, full_name, kind, credit_balance, seq, applied_version)", count,
            async (row, number) =>
            {
                var email = string.Create(CultureInfo.InvariantCulture, $"load{number}@example.com");
                await row.WriteAsync(number, NpgsqlDbType.Bigint, cancellation);
                await row.WriteAsync(email, NpgsqlDbType.Text, cancellation);
                await row.WriteAsync(email, NpgsqlDbType.Text, cancellation);
                await row.WriteAsync("Load", NpgsqlDbType.Text, cancellation);
                await row.WriteAsync("team", NpgsqlDbType.Text, cancellation);
                await row.WriteAsync(OpeningCredits, NpgsqlDbType.Bigint, cancellation);
                await row.WriteAsync(1L, NpgsqlDbType.Bigint, cancellation);
                await row.WriteAsync(1L, NpgsqlDbType.Bigint, cancellation);
            },
            cancellation);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await CopyAsync(
            connection, "ledger_entries (entry_id, account_id, seq, credits_delta, balance_after, entry_type, occurred_at)", count,
            async (row, number) =>
            {
                await row.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"load:{number}"), NpgsqlDbType.Text, cancellation);
                await row.WriteAsync(number, NpgsqlDbType.Bigint, cancellation);
                await row.WriteAsync(1L, NpgsqlDbType.Bigint, cancellation);
                await row.WriteAsync(OpeningCredits, NpgsqlDbType.Bigint, cancellation);
                await row.WriteAsync(OpeningCredits, NpgsqlDbType.Bigint, cancellation);
                await row.WriteAsync("bonus", NpgsqlDbType.Text, cancellation);
                await row.WriteAsync(now, NpgsqlDbType.TimestampTz, cancellation);
            },
            cancellation);
        await CopyAsync(
            connection, "keys (id, account_id, name, prefix, mode, applied_version)", count,
            async (row, number) =>
            {
                await row.WriteAsync(number, NpgsqlDbType.Bigint, cancellation);
                await row.WriteAsync(number, NpgsqlDbType.Bigint, cancellation);
                await row.WriteAsync("load", NpgsqlDbType.Text, cancellation);
                await row.WriteAsync(KeyText.VisibleOf(KeyText.Of(number)), NpgsqlDbType.Text, cancellation);
                await row.WriteAsync("live", NpgsqlDbType.Text, cancellation);
                await row.WriteAsync(1L, NpgsqlDbType.Bigint, cancellation);
            },
            cancellation);
        await CopyAsync(
            connection, "key_secrets (hash, key_id, version)", count,
            async (row, number) =>
            {
                var key = KeyText.Of(number);
                await row.WriteAsync(KeyText.HashOf(key), NpgsqlDbType.Bytea, cancellation);
                await row.WriteAsync(number, NpgsqlDbType.Bigint, cancellation);
                await row.WriteAsync(1, NpgsqlDbType.Integer, cancellation);
            },
            cancellation);
        KeyFiles.Write(keyFile, count);
        await using var finish = new NpgsqlCommand(
            """
            select setval(pg_get_serial_sequence('accounts', 'id'), (select max(id) from accounts)),
                   setval(pg_get_serial_sequence('keys', 'id'), (select max(id) from keys));
            analyze accounts, keys, key_secrets, ledger_entries
            """,
            connection);
        await finish.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task CopyAsync(
        NpgsqlConnection connection, string table, int count, Func<NpgsqlBinaryImporter, long, Task> write, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {table} from stdin (format binary)", cancellation);
        for (long number = 1; number <= count; number++)
        {
            await copy.StartRowAsync(cancellation);
            await write(copy, number);
        }

        await copy.CompleteAsync(cancellation);
    }
}
