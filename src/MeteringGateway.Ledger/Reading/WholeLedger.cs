using MeteringGateway.Ledger.Background;
using Npgsql;
using NpgsqlTypes;

namespace MeteringGateway.Ledger.Reading;

/// <summary>
/// Reads the entries of all accounts, for operators. It looks at what came lately first and further back only until it has a page: each
/// look reads the entries of a longer time, and the one before has found how few they are. Any number of callers at once.
/// </summary>
internal sealed class WholeLedger(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly string s_list = SqlFile.Read("Reading/list-entries.sql");
    private static readonly string s_count = SqlFile.Read("Reading/count-entries.sql");
    private static readonly string s_countAll = SqlFile.Read("Reading/count-all-entries.sql");

    private static readonly TimeSpan?[] s_looks =
        [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(20), TimeSpan.FromHours(12), TimeSpan.FromDays(15), null];

    public async Task<LedgerPage> PageAsync(LedgerQuery query, CancellationToken cancellationToken)
    {
        var entries = await ListAsync(query, cancellationToken);
        return new LedgerPage(entries, await CountAsync(query, cancellationToken));
    }

    private async Task<List<LedgerEntry>> ListAsync(LedgerQuery query, CancellationToken cancellationToken)
    {
        // What an index finds is found at once.
        var filter = query.Filter;
        if (filter is not { EntryId: null, KeyId: null, Types: null or { HasUsage: true } })
        {
            return await ListAsync(query, null, cancellationToken);
        }

        var newest = filter.To is { } to && to < time.GetUtcNow() ? to : time.GetUtcNow();
        foreach (var look in s_looks)
        {
            DateTimeOffset? since = look is { } length && newest - DateTimeOffset.MinValue > length ? newest - length : null;
            var isLast = since is null || (filter.From is { } from && from >= since);
            var entries = await ListAsync(query, isLast ? null : since, cancellationToken);
            if (isLast || entries.Count == query.Limit)
            {
                return entries;
            }
        }

        return [];
    }

    private async Task<List<LedgerEntry>> ListAsync(LedgerQuery query, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(s_list);
        LedgerReader.AddFilter(command.Parameters, query.Filter);
        command.Parameters.AddWithValue("since", NpgsqlDbType.TimestampTz, since?.UtcDateTime ?? (object)DBNull.Value);
        command.Parameters.AddWithValue("limit", query.Limit);
        command.Parameters.AddWithValue("offset", query.Offset);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<LedgerEntry>(query.Limit);
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(LedgerReader.Entry(reader));
        }

        return entries;
    }

    private async Task<long> CountAsync(LedgerQuery query, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(query.Filter == EntryFilter.None ? s_countAll : s_count);
        if (query.Filter != EntryFilter.None)
        {
            LedgerReader.AddFilter(command.Parameters, query.Filter);
            LedgerReader.AddMost(command.Parameters, query.Most);
        }

        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
