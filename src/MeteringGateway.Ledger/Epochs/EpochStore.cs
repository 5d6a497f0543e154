using System.Globalization;
using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Ledger.Epochs;

/// <summary>What PostgreSQL knows of a partition's epoch: the truth from which gateways learn it.</summary>
internal sealed record PartitionEpoch(long Epoch, long WriteSequence, string? RunId);

/// <summary>The epochs of the partitions, changed by one gateway at a time.</summary>
/// <param name="silence">After how long without a word a turn is lost; ten seconds unless a test waits for it.</param>
internal sealed class EpochStore(NpgsqlDataSource database, TimeSpan? silence = null)
{
    /// <summary>
    /// The first number of the advisory lock; the second is the partition. Recovery's own, so that it can flush meanwhile.
    /// </summary>
    public const int RecoveryLock = 0x4d47_0002;

    private static readonly string s_lock = SqlFile.Read("Epochs/lock-recovery.sql");
    private static readonly string s_unlock = SqlFile.Read("Epochs/unlock-recovery.sql");
    private static readonly string s_writeRunId = SqlFile.Read("Epochs/write-run-id.sql");
    private static readonly string s_raise = SqlFile.Read("Epochs/raise-epoch.sql");
    private static readonly string s_read = SqlFile.Read("Epochs/read-epoch.sql");

    private readonly string _silence = (silence ?? TimeSpan.FromSeconds(10)).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);

    /// <summary>
    /// Waits for the turn to look at or recover a partition. The lock goes with the connection, so a dead gateway holds none.
    /// </summary>
    public async Task<Turn> LockAsync(int partition, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await connection.ExecuteAsync(
                new CommandDefinition(s_lock, new { RecoveryLock, partition, silence = _silence }, cancellationToken: cancellationToken));
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
        public Task<PartitionEpoch> ReadAsync(CancellationToken cancellationToken) =>
            connection.QuerySingleAsync<PartitionEpoch>(new CommandDefinition(
                s_read, new { partition }, cancellationToken: cancellationToken));

        public Task<long> RaiseAsync(CancellationToken cancellationToken) => connection.ExecuteScalarAsync<long>(new CommandDefinition(
            s_raise, new { partition }, cancellationToken: cancellationToken));

        public Task WriteRunIdAsync(string runId, CancellationToken cancellationToken) => connection.ExecuteAsync(new CommandDefinition(
            s_writeRunId, new { partition, runId }, cancellationToken: cancellationToken));

        /// <summary>For whoever is at work elsewhere meanwhile: the turn of one who is silent too long goes to another.</summary>
        public Task PingAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

        public async ValueTask DisposeAsync()
        {
            try
            {
                if (connection.State == System.Data.ConnectionState.Open)
                {
                    await connection.ExecuteAsync(s_unlock, new { RecoveryLock, partition });
                }
            }
            finally
            {
                await connection.DisposeAsync();
            }
        }
    }
}
