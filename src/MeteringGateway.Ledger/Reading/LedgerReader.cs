using System.Text.Json;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using Npgsql;
using NpgsqlTypes;

namespace MeteringGateway.Ledger.Reading;

/// <summary>One entry of the ledger.</summary>
internal sealed record LedgerEntry(
    string EntryId,
    long AccountId,
    long Seq,
    long CreditsDelta,
    long BalanceAfter,
    string EntryType,
    long? KeyId,
    string? Surface,
    string? Provider,
    string? Description,
    JsonElement? Metadata,
    DateTimeOffset OccurredAt,
    DateTimeOffset RecordedAt);

/// <summary>A query for a page of entries; without an account, of all accounts.</summary>
/// <param name="MostCounted">
/// How far what a filter finds is counted, at least to one entry beyond the page; null: to the end. Without a filter nothing is counted.
/// </param>
internal sealed record LedgerQuery(long? AccountId, EntryFilter Filter, int Limit, long Offset, int? MostCounted = null)
{
    /// <summary>For pages that people turn: a count to the end reads all that is found, and may be millions.</summary>
    public const int CountedForPages = 10_000;

    public long? Most => MostCounted is { } most ? Math.Max(most, Offset + Limit + 1) : null;
}

internal sealed record LedgerPage(IReadOnlyList<LedgerEntry> Entries, long Total);

/// <summary>
/// Reads an account's ledger, newest entry first. Flushes the account's outbox before, so that a client never sees a balance older than its
/// last charged answer. Any number of callers at once.
/// </summary>
internal sealed class LedgerReader(NpgsqlDataSource database, Flusher flusher, PartitionMap partitions, WholeLedger whole)
{
    private static readonly string s_ofAccount = SqlFile.Read("Reading/list-entries-of-account.sql");
    private static readonly string s_found = SqlFile.Read("Reading/find-entries-of-account.sql");
    private static readonly string s_balance = SqlFile.Read("Reading/read-balance.sql");

    public async Task<LedgerPage> PageAsync(LedgerQuery query, CancellationToken cancellationToken)
    {
        if (query.AccountId is not { } account)
        {
            await flusher.DrainAsync(cancellationToken);
            return await whole.PageAsync(query, cancellationToken);
        }

        await FlushAsync(account, cancellationToken);
        await using var command = database.CreateCommand(query.Filter == EntryFilter.None ? s_ofAccount : s_found);
        command.Parameters.AddWithValue("account_id", account);
        if (query.Filter != EntryFilter.None)
        {
            AddFilter(command.Parameters, query.Filter);
            AddMost(command.Parameters, query.Most);
        }

        command.Parameters.AddWithValue("limit", query.Limit);
        command.Parameters.AddWithValue("offset", query.Offset);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (entries, total) = (new List<LedgerEntry>(query.Limit), 0L);
        while (await reader.ReadAsync(cancellationToken))
        {
            total = reader.GetInt64(0);
            if (!reader.IsDBNull(1))
            {
                entries.Add(Entry(reader));
            }
        }

        return new LedgerPage(entries, total);
    }

    /// <summary>The account's balance in the ledger; null if there is no such account.</summary>
    public async Task<long?> BalanceAsync(long accountId, CancellationToken cancellationToken)
    {
        await FlushAsync(accountId, cancellationToken);
        await using var command = database.CreateCommand(s_balance);
        command.Parameters.AddWithValue("account_id", accountId);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    /// <summary>
    /// Throws while the partition is being recovered: its newest charges are not known, and an older balance must not be shown.
    /// </summary>
    private async Task FlushAsync(long accountId, CancellationToken cancellationToken)
    {
        if (!await flusher.DrainAsync(partitions.Of(accountId), cancellationToken))
        {
            throw new StoreUnavailableException("the account's partition is being recovered");
        }
    }

    internal static void AddFilter(NpgsqlParameterCollection parameters, EntryFilter filter)
    {
        Add("from", NpgsqlDbType.TimestampTz, filter.From?.UtcDateTime);
        Add("to", NpgsqlDbType.TimestampTz, filter.To?.UtcDateTime);
        Add("entry_id", NpgsqlDbType.Text, filter.EntryId);
        Add("key_id", NpgsqlDbType.Bigint, filter.KeyId);
        Add("surface", NpgsqlDbType.Text, filter.Surface);
        Add("any_type", NpgsqlDbType.Boolean, filter.Types is null);
        Add("has_usage", NpgsqlDbType.Boolean, filter.Types?.HasUsage ?? true);
        Add("credits", NpgsqlDbType.Array | NpgsqlDbType.Text, filter.Types?.Credits ?? []);
        Add("debits", NpgsqlDbType.Array | NpgsqlDbType.Text, filter.Types?.Debits ?? []);
        Add("other_credits", NpgsqlDbType.Boolean, filter.Types?.OtherCredits ?? false);
        Add("other_debits", NpgsqlDbType.Boolean, filter.Types?.OtherDebits ?? false);
        Add("known", NpgsqlDbType.Array | NpgsqlDbType.Text, filter.Types?.Known ?? []);

        void Add(string name, NpgsqlDbType type, object? value) => parameters.AddWithValue(name, type, value ?? DBNull.Value);
    }

    internal static void AddMost(NpgsqlParameterCollection parameters, long? most) =>
        parameters.AddWithValue("most", NpgsqlDbType.Bigint, most ?? (object)DBNull.Value);

    /// <summary>Reads an entry; column 0 has the total of the query.</summary>
    internal static LedgerEntry Entry(NpgsqlDataReader row) => new(
        row.GetString(1),
        row.GetInt64(2),
        row.GetInt64(3),
        row.GetInt64(4),
        row.GetInt64(5),
        row.GetString(6),
        row.IsDBNull(7) ? null : row.GetInt64(7),
        Text(row, 8),
        Text(row, 9),
        Text(row, 10),
        Text(row, 11) is { } json ? JsonElement.Parse(json) : null,
        row.GetFieldValue<DateTimeOffset>(12),
        row.GetFieldValue<DateTimeOffset>(13));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
