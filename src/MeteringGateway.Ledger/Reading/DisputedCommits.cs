using Dapper;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using Npgsql;

namespace MeteringGateway.Ledger.Reading;

/// <summary>
/// A commit that was answered as "not charged" though a send of it may have taken effect, with the windows in which the call was reserved.
/// </summary>
/// <param name="IdempotencyHash">Of the client's Idempotency-Key, in hex; null without one.</param>
internal sealed record DisputedCommit(
    string RequestId, string HoldId, long AccountId, long KeyId, long Price, string Surface, long? Day, long? Week, long? Month,
    string? IdempotencyHash = null);

/// <summary>Keeps disputed commits in PostgreSQL until they are finished, by any gateway. Any number of callers at once.</summary>
internal sealed class DisputedCommits(NpgsqlDataSource database, PartitionMap partitions)
{
    /// <summary>Outcome: the call was never charged.</summary>
    public const string Free = "free";

    /// <summary>Outcome: the call was charged, and a reversal returned the credits.</summary>
    public const string Reversed = "reversed";

    private static readonly string s_note = SqlFile.Read("Reading/note-unsettled.sql");
    private static readonly string s_list = SqlFile.Read("Reading/list-unsettled.sql");
    private static readonly string s_isDisputed = SqlFile.Read("Reading/is-disputed.sql");
    private static readonly string s_finish = SqlFile.Read("Reading/settle-call.sql");

    public async Task NoteAsync(DisputedCommit commit, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(s_note, commit, cancellationToken);
    }

    public Task<IReadOnlyList<DisputedCommit>> ListAsync(string after, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<DisputedCommit>(s_list, new { after, limit }, cancellationToken);

    /// <summary>Is the call's commit disputed still, or was its charge taken back?</summary>
    public Task<bool> IsDisputedAsync(string requestId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<bool>(s_isDisputed, new { requestId }, cancellationToken);

    /// <summary>False: the commit is finished already, or the ledger has the charge, so it can't be finished as free.</summary>
    public async Task<bool> FinishAsync(DisputedCommit commit, string outcome, CancellationToken cancellationToken)
    {
        var finished = new { partition = partitions.Of(commit.AccountId), requestId = commit.RequestId, outcome };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = await connection.ExecuteAsync(
            new CommandDefinition(s_finish, finished, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return rows > 0;
    }
}
