using MeteringGateway.Ledger.Epochs;
using Npgsql;

namespace MeteringGateway.Ledger.Schema;

/// <summary>Prepares the database before anything else starts: the schema and the partitions. Called once.</summary>
internal sealed class LedgerStartup(
    NpgsqlDataSource database, Migrator migrator, PartitionSetup partitions, ILogger<LedgerStartup> log)
{
    /// <summary>Null if the database is ready, else the message that stops the start.</summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        var migration = await migrator.RunAsync(cancellationToken);
        if (migration.Refusal is { } refusal)
        {
            return refusal;
        }

        if (migration.Applied is [var first, ..] and [.., var last])
        {
            log.LogInformation("Applied {Count} migrations of the database, from {First} to {Last}", migration.Applied.Count, first, last);
        }

        await partitions.EnsureAsync(PartitionSetup.DefaultCount, cancellationToken);
        await WarnOfLostWritesAsync(cancellationToken);
        return null;
    }

    private async Task WarnOfLostWritesAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("show fsync");
        if (await command.ExecuteScalarAsync(cancellationToken) is "off")
        {
            log.LogWarning("PostgreSQL runs with fsync = off: a power cut can destroy the ledger. This is for tests only.");
        }
    }
}
