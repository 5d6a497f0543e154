using System.Data;
using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Ledger.Epochs;

/// <summary>
/// Lease on a partition's epoch: a PostgreSQL advisory lock that is bound to the session, given back on disposal and lost when the
/// session has been silent for too long. One owner; not for concurrent use.
/// </summary>
internal sealed class EpochLease(NpgsqlConnection connection, int partition) : IAsyncDisposable
{
    private static readonly string s_unlock = SqlFile.Read("Epochs/unlock-recovery.sql");
    private static readonly string s_writeRunId = SqlFile.Read("Epochs/write-run-id.sql");
    private static readonly string s_raise = SqlFile.Read("Epochs/raise-epoch.sql");
    private static readonly string s_read = SqlFile.Read("Epochs/read-epoch.sql");

    public Task<PartitionEpoch> ReadAsync(CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<PartitionEpoch>(new CommandDefinition(s_read, new { partition }, cancellationToken: cancellationToken));

    /// <summary>Begins a new epoch, above the ledger's own and above <paramref name="floor"/>.</summary>
    public Task<long> RaiseAsync(long floor, CancellationToken cancellationToken) => connection.ExecuteScalarAsync<long>(
        new CommandDefinition(s_raise, new { partition, floor }, cancellationToken: cancellationToken));

    /// <summary>The end of a recovery: the server that has the partition now, and the write sequence at which it was opened.</summary>
    public Task WriteRunIdAsync(string runId, long writeSequence, CancellationToken cancellationToken) => connection.ExecuteAsync(
        new CommandDefinition(s_writeRunId, new { partition, runId, writeSequence }, cancellationToken: cancellationToken));

    /// <summary>Heartbeat: keeps the lease while its owner works outside this connection.</summary>
    public Task HeartbeatAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (connection.State == ConnectionState.Open)
            {
                await connection.ExecuteAsync(s_unlock, new { EpochStore.RecoveryLock, partition });
            }
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }
}
