using Dapper;
using MeteringGateway.Storage;
using Npgsql;

namespace MeteringGateway.Ledger;

/// <summary>What PostgreSQL knows of a partition's epoch: the truth from which gateways learn it.</summary>
internal sealed record PartitionEpoch(long Epoch, long Generation, string? RunId);

/// <summary>The epochs of the partitions, changed by one gateway at a time.</summary>
internal sealed class EpochStore(NpgsqlDataSource database)
{
    /// <summary>The first number of the advisory lock; the second is the partition. Recovery's own, so that it can flush meanwhile.</summary>
    private const int RecoveryLock = 0x4d47_0002;

    private static readonly string s_lock = SqlFile.Read("Ledger/lock-recovery.sql");

    /// <summary>Waits for the turn to look at or recover a partition. The lock goes with the connection, so a dead gateway holds none.</summary>
    public async Task<Turn> LockAsync(int partition, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(s_lock, new { RecoveryLock, partition }, cancellationToken: cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        return new Turn(connection, partition);
    }

    /// <summary>The right to change one partition's epoch, until it is disposed.</summary>
    internal sealed class Turn(NpgsqlConnection connection, int partition) : IAsyncDisposable
    {
        public Task<PartitionEpoch> ReadAsync(CancellationToken cancellationToken) => connection.QuerySingleAsync<PartitionEpoch>(new CommandDefinition(
            "select epoch as Epoch, gen as Generation, run_id as RunId from partitions where partition = @partition", new { partition }, cancellationToken: cancellationToken));

        public Task<long> RaiseAsync(CancellationToken cancellationToken) => connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "update partitions set epoch = epoch + 1, run_id = null where partition = @partition returning epoch", new { partition }, cancellationToken: cancellationToken));

        public Task WriteRunIdAsync(string runId, CancellationToken cancellationToken) => connection.ExecuteAsync(new CommandDefinition(
            "update partitions set run_id = @runId where partition = @partition", new { partition, runId }, cancellationToken: cancellationToken));

        public async ValueTask DisposeAsync()
        {
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await connection.ExecuteAsync("select pg_advisory_unlock(@RecoveryLock, @partition)", new { RecoveryLock, partition });
            }

            await connection.DisposeAsync();
        }
    }
}
