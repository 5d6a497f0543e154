using System.Text;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// The statements of one flush, in one transaction on one connection. Disposal without a commit rolls back. One owner.
/// </summary>
internal sealed class FlushTransaction(NpgsqlDataSource database, int partition) : IAsyncDisposable
{
    private const string BeforeEntries = "before_entries";
    private static readonly string s_open = SqlFile.Read("Flushing/open-flush.sql");
    private static readonly string s_readWritten = SqlFile.Read("Flushing/read-written.sql");
    private static readonly string s_lockAccounts = SqlFile.Read("Flushing/lock-accounts.sql");
    private static readonly string s_write = SqlFile.Read("Flushing/write-entries.sql");
    private static readonly string s_setAside = SqlFile.Read("Flushing/set-aside.sql");
    private static readonly string s_raiseWriteSequence = SqlFile.Read("Flushing/raise-write-sequence.sql");

    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;

    /// <summary>
    /// Waits for the partition's flush lock. Returns the partition's epoch, which can't change until the end of the transaction.
    /// </summary>
    public async Task<long> OpenAsync(CancellationToken cancellationToken)
    {
        _connection = await database.OpenConnectionAsync(cancellationToken);
        _transaction = await _connection.BeginTransactionAsync(cancellationToken);
        await using var command = Command(s_open);
        command.Parameters.AddWithValue("partition", partition);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? reader.GetInt64(0)
            : throw new InvalidOperationException($"The ledger has no partition {partition}.");
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
        await using var command = Command(s_lockAccounts);
        command.Parameters.AddWithValue("account_ids", accountIds);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var heads = new Dictionary<long, ChainHead>();
        while (await reader.ReadAsync(cancellationToken))
        {
            heads.Add(reader.GetInt64(0), new ChainHead(reader.GetInt64(1), reader.GetInt64(2)));
        }

        return heads;
    }

    /// <summary>
    /// Writes the entries with their spend and the accounts' heads. A data error is returned as the reason, and leaves the transaction as
    /// it was before; any other error throws.
    /// </summary>
    public async Task<string?> TryWriteAsync(EntryChain chain, CancellationToken cancellationToken)
    {
        await _transaction!.SaveAsync(BeforeEntries, cancellationToken);
        try
        {
            await using var command = Command(s_write);
            EntryColumns.AddTo(command.Parameters, chain);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return null;
        }
        catch (PostgresException e) when (IsDataError(e))
        {
            await _transaction!.RollbackAsync(BeforeEntries, cancellationToken);
            return e.MessageText;
        }
    }

    public async Task SetAsideAsync(IReadOnlyList<PoisonEntry> poison, CancellationToken cancellationToken)
    {
        await using var command = Command(s_setAside);
        command.Parameters.AddWithValue("partition", partition);
        command.Parameters.AddWithValue("raws", poison.Select(p => Storable(p.Packed)).ToArray());
        command.Parameters.AddWithValue("reasons", poison.Select(p => Storable(p.Reason)).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task CommitAsync(long writeSequence, CancellationToken cancellationToken)
    {
        await using var command = Command(s_raiseWriteSequence);
        command.Parameters.AddWithValue("partition", partition);
        command.Parameters.AddWithValue("gen", writeSequence);
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

    /// <summary>
    /// Class 22: a value that its type can't hold; 23: a constraint; 54: too large for an index. Every other class is about
    /// the database's state.
    /// </summary>
    private static bool IsDataError(PostgresException e) => e.SqlState.AsSpan(0, 2) is "22" or "23" or "54";

    private static string Storable(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
