using Dapper;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using Npgsql;

namespace MeteringGateway.Ledger.Reading;

/// <summary>
/// A call that was answered as not charged, though its commit may have taken effect, and the windows in which it was reserved.
/// </summary>
internal sealed record UnsettledCall(
    string RequestId, string HoldId, long AccountId, long KeyId, long Price, string Surface, long? Day, long? Week, long? Month);

/// <summary>Keeps unsettled calls where the death of a gateway does not lose them. Any number of callers at once.</summary>
internal sealed class DisputedCommits(NpgsqlDataSource database, PartitionMap partitions)
{
    /// <summary>The call was never charged.</summary>
    public const string Free = "free";

    /// <summary>The call was charged and the credits were given back.</summary>
    public const string Reversed = "reversed";

    private static readonly string s_note = SqlFile.Read("Reading/note-unsettled.sql");
    private static readonly string s_list = SqlFile.Read("Reading/list-unsettled.sql");
    private static readonly string s_settle = SqlFile.Read("Reading/settle-call.sql");

    public async Task NoteAsync(UnsettledCall call, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(s_note, call, cancellationToken);
    }

    public Task<IReadOnlyList<UnsettledCall>> ListAsync(string after, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<UnsettledCall>(s_list, new { after, limit }, cancellationToken);

    /// <summary>False: it is settled already, or was charged after all and is no free call.</summary>
    public async Task<bool> SettleAsync(UnsettledCall call, string outcome, CancellationToken cancellationToken)
    {
        var settled = new { partition = partitions.Of(call.AccountId), requestId = call.RequestId, outcome };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = await connection.ExecuteAsync(
            new CommandDefinition(s_settle, settled, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return rows > 0;
    }
}
