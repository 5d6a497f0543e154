using System.Text;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>What became of a write.</summary>
internal enum WriteOutcome
{
    Written,

    /// <summary>The ledger has one of the entries already. The transaction is as it was before.</summary>
    Repeated,

    /// <summary>PostgreSQL can't hold a value. The transaction is as it was before.</summary>
    Refused,
}

/// <summary>
/// The statements of one flush, in one transaction on one connection. Disposal without a commit rolls back. One owner.
/// Statements are prepared once a connection: a small flush should not plan them each time.
/// </summary>
/// <param name="database">The ledger.</param>
/// <param name="waits">A flush of one partition waits for its locks; one of many takes what is free.</param>
internal sealed class FlushTransaction(NpgsqlDataSource database, bool waits) : IAsyncDisposable
{
    private const string BeforeEntries = "before_entries";
    private static readonly string s_lockPartition = SqlFile.Read("Flushing/lock-partition.sql");
    private static readonly string s_tryLockPartitions = SqlFile.Read("Flushing/try-lock-partitions.sql");
    private static readonly string s_readWritten = SqlFile.Read("Flushing/read-written.sql");
    private static readonly string s_lockAccounts = SqlFile.Read("Flushing/lock-accounts.sql");
    private static readonly string s_tryLockAccounts = SqlFile.Read("Flushing/try-lock-accounts.sql");
    private static readonly string s_write = SqlFile.Read("Flushing/write-entries.sql");
    private static readonly string s_setAside = SqlFile.Read("Flushing/set-aside.sql");
    private static readonly string s_raiseWriteSequence = SqlFile.Read("Flushing/raise-write-sequence.sql");

    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;

    /// <summary>
    /// Takes the partitions' flush locks. Returns the epochs and write sequences of those that were taken, which can't change until the end
    /// of the transaction.
    /// </summary>
    public async Task<Dictionary<int, (long Epoch, long WriteSequence)>> OpenAsync(int[] partitions, CancellationToken cancellationToken)
    {
        _connection = await database.OpenConnectionAsync(cancellationToken);
        _transaction = await _connection.BeginTransactionAsync(cancellationToken);
        await using var command = Command(waits ? s_lockPartition : s_tryLockPartitions);
        command.Parameters.AddWithValue("partitions", partitions);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (reader.GetName(0) != "partition")
        {
            await reader.NextResultAsync(cancellationToken);
        }

        var epochs = new Dictionary<int, (long, long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            epochs.Add(reader.GetInt32(0), (reader.GetInt64(1), reader.GetInt64(2)));
        }

        return epochs;
    }

    public async Task<Dictionary<string, (long AccountId, long CreditsDelta)>> ReadWrittenAsync(
        string[] entryIds, CancellationToken cancellationToken)
    {
        await using var command = Command(s_readWritten);
        command.Parameters.AddWithValue("entry_ids", entryIds);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var written = new Dictionary<string, (long, long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            written.Add(reader.GetString(0), (reader.GetInt64(1), reader.GetInt64(2)));
        }

        return written;
    }

    public async Task<Dictionary<long, ChainHead>> LockAccountsAsync(long[] accountIds, CancellationToken cancellationToken)
    {
        await using var command = Command(waits ? s_lockAccounts : s_tryLockAccounts);
        command.Parameters.AddWithValue("account_ids", accountIds);
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var heads = new Dictionary<long, ChainHead>(accountIds.Length);
        while (await reader.ReadAsync(cancellationToken))
        {
            heads.Add(reader.GetInt64(0), new ChainHead(reader.GetInt64(1), reader.GetInt64(2)));
        }

        return heads;
    }

    /// <summary>
    /// Writes the entries with their spend and the accounts' heads, in one round trip. A data error is returned with its reason, and leaves
    /// the transaction as it was before; any other error throws.
    /// </summary>
    public async Task<(WriteOutcome Outcome, string? Reason)> TryWriteAsync(EntryChain chain, CancellationToken cancellationToken)
    {
        if (SpendSums.TryOf(chain.Entries) is not { } spend)
        {
            return (WriteOutcome.Refused, "the spend is larger than the ledger can hold");
        }

        try
        {
            await using var command = Command(s_write);
            EntryColumns.AddTo(command.Parameters, chain, spend);
            await command.PrepareAsync(cancellationToken);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return (WriteOutcome.Written, null);
        }
        catch (PostgresException e) when (IsDataError(e))
        {
            await _transaction!.RollbackAsync(BeforeEntries, cancellationToken);
            return (IsRepeated(e) ? WriteOutcome.Repeated : WriteOutcome.Refused, e.MessageText);
        }
    }

    public async Task SetAsideAsync(int partition, IReadOnlyList<PoisonEntry> poison, CancellationToken cancellationToken)
    {
        await using var command = Command(s_setAside);
        command.Parameters.AddWithValue("partition", partition);
        command.Parameters.AddWithValue("raws", poison.Select(p => Storable(p.Packed)).ToArray());
        command.Parameters.AddWithValue("reasons", poison.Select(p => Storable(p.Reason)).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task CommitAsync(int[] partitions, long[] writeSequences, CancellationToken cancellationToken)
    {
        await using var command = Command(s_raiseWriteSequence);
        command.Parameters.AddWithValue("partitions", partitions);
        command.Parameters.AddWithValue("gens", writeSequences);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await _transaction!.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_transaction is not null)
        {
            await _transaction.DisposeAsync();
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private NpgsqlCommand Command(string sql) => new(sql, _connection, _transaction);

    private static bool IsRepeated(PostgresException e) =>
        e.SqlState == PostgresErrorCodes.UniqueViolation && e.ConstraintName == "ledger_entries_pkey";

    /// <summary>
    /// Class 22: a value that its type can't hold; 23: a constraint; 54: too large for an index. Every other class is about
    /// the database's state.
    /// </summary>
    private static bool IsDataError(PostgresException e) => e.SqlState.AsSpan(0, 2) is "22" or "23" or "54";

    private static string Storable(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
