using System.Globalization;
using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Ledger.Epochs;

/// <summary>The row of a partition in PostgreSQL: the truth from which gateways learn its epoch.</summary>
/// <param name="Age">Of the epoch, in seconds by PostgreSQL's clock.</param>
internal sealed record PartitionEpoch(long Epoch, long WriteSequence, string? RunId, double Age);

/// <summary>The epochs of the partitions, each changed by one gateway at a time. Any number of callers at once.</summary>
/// <param name="silence">A lease is lost after so long without a statement; ten seconds unless a test waits for it.</param>
internal sealed class EpochStore(NpgsqlDataSource database, TimeSpan? silence = null)
{
    /// <summary>
    /// The first number of the advisory lock; the second is the partition. Flushes have another lock, so recovery can flush while it
    /// holds this one.
    /// </summary>
    public const int RecoveryLock = 0x4d47_0002;

    private static readonly string s_lock = SqlFile.Read("Epochs/lock-recovery.sql");

    private readonly string _silence = (silence ?? TimeSpan.FromSeconds(10)).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);

    /// <summary>Waits for the lease on a partition's epoch. The lock ends with the session, so a dead gateway holds none.</summary>
    public async Task<EpochLease> AcquireAsync(int partition, CancellationToken cancellationToken)
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

        return new EpochLease(connection, partition);
    }
}
