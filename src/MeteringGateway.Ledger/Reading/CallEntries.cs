using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Ledger.Reading;

/// <summary>The charge of a call, and what it remembers of the call.</summary>
/// <param name="Held">Null of a charge from before it was kept.</param>
/// <param name="IsReversed">The charge could not be confirmed in time, and was taken back.</param>
internal sealed record CallEntry(
    string? Surface, string? Provider, long Credits, long? Held, string? Attempts, DateTimeOffset OccurredAt, bool IsReversed);

/// <summary>Finds the charges of calls. Flushes nothing: the caller does. Any number of callers at once.</summary>
internal sealed class CallEntries(NpgsqlDataSource database)
{
    private static readonly string s_find = SqlFile.Read("Reading/find-call.sql");

    /// <summary>Null: the ledger has no charge of such a call of this account.</summary>
    public async Task<CallEntry?> FindAsync(long accountId, string requestId, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<Row>(s_find, new { accountId, requestId }, cancellationToken) is { } row
            ? new CallEntry(
                row.Surface, row.Provider, row.Credits, row.Held, row.Attempts, new DateTimeOffset(row.OccurredAt, TimeSpan.Zero),
                row.IsReversed)
            : null;

    private sealed record Row(
        string? Surface, string? Provider, long Credits, long? Held, string? Attempts, DateTime OccurredAt, bool IsReversed);
}
