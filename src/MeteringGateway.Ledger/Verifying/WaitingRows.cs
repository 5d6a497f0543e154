using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Ledger.Verifying;

/// <summary>Counts the rows that wait for somebody, for the metrics. One caller, again and again, off the calls' way.</summary>
internal sealed class WaitingRows(NpgsqlDataSource database, LedgerMetrics metrics)
{
    /// <summary>Nobody gets up sooner for a row of these, and a scrape comes as rarely.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private static readonly string s_count = SqlFile.Read("Verifying/count-waiting-rows.sql");

    public async Task LookAsync(CancellationToken cancellationToken) =>
        metrics.NoteRows(await database.QuerySingleAsync<WaitingRowCounts>(s_count, null, cancellationToken));
}
