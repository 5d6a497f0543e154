using System.Globalization;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using Npgsql;

namespace MeteringGateway.Ledger.Epochs;

/// <summary>
/// Writes the number of partitions at the very first start and reads it at every later one. The number never changes: the partition is part
/// of the name of each Redis key of an account.
/// </summary>
internal sealed class PartitionSetup(NpgsqlDataSource database)
{
    /// <summary>
    /// Enough for a small cluster and for flushers to work in parallel, few enough to poll in one round trip.
    /// </summary>
    public const int DefaultCount = 16;

    private const int MaxCount = 1024;
    private static readonly string s_ensure = SqlFile.Read("Epochs/ensure-partitions.sql");
    private PartitionMap? _map;

    public PartitionMap Map => _map ?? throw new InvalidOperationException("The partitions are not read yet: LedgerStartup comes first.");

    public async Task<PartitionMap> EnsureAsync(int wanted, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, MaxCount);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(s_ensure, connection);
        command.Parameters.AddWithValue("wanted", wanted.ToString(CultureInfo.InvariantCulture));
        var count = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        return _map = new PartitionMap(count);
    }
}
