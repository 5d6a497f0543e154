using System.ComponentModel;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using Npgsql;

namespace MeteringGateway.Ledger.Reading;

[Description("An account's balance at an instant, from its entries alone; without an instant, after all entries.")]
internal sealed record RebuiltBalance(
    long AccountId, DateTimeOffset? At, long CreditBalance, long Entries, long? LastSeq, string? LastEntryId);

/// <summary>Computes an account's balance at any instant. Any number of callers at once.</summary>
internal sealed class BalanceAt(NpgsqlDataSource database, Flusher flusher, PartitionMap partitions)
{
    private static readonly string s_rebuild = SqlFile.Read("Reading/rebuild.sql");

    /// <summary>
    /// Null: no such account. Throws while the partition is being recovered, since its newest charges are not known then.
    /// </summary>
    public async Task<RebuiltBalance?> RebuildAsync(long accountId, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        if (!await flusher.DrainAsync(partitions.Of(accountId), cancellationToken))
        {
            throw new StoreUnavailableException("the account's partition is being recovered");
        }

        var row = await database.QuerySingleOrDefaultAsync<Row>(s_rebuild, new { accountId, at = at?.UtcDateTime }, cancellationToken);
        return row is null ? null : new RebuiltBalance(row.AccountId, at, row.CreditBalance, row.Entries, row.LastSeq, row.LastEntryId);
    }

    private sealed record Row
    {
        public long AccountId { get; init; }
        public long CreditBalance { get; init; }
        public long Entries { get; init; }
        public long? LastSeq { get; init; }
        public string? LastEntryId { get; init; }
    }
}
