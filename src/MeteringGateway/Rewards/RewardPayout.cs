using Dapper;
using MeteringGateway.Credits;
using MeteringGateway.Storage;
using Npgsql;

namespace MeteringGateway.Rewards;

/// <summary>Takes a recorded reward to the balance, exactly once however often and wherever it is tried. Any number of callers at once.</summary>
internal sealed class RewardPayout(NpgsqlDataSource books, IMoneyIn money)
{
    private static readonly string Settle = SqlFile.Read("Rewards/settle-reward.sql");
    private static readonly string ListPending = SqlFile.Read("Rewards/list-pending-rewards.sql");

    /// <summary>The row afterwards: still pending while Redis is away, then the sweeper finishes it.</summary>
    /// <param name="row">A pending row.</param>
    /// <param name="cancellationToken">Not a client's: once recorded, a reward is paid whether or not somebody waits.</param>
    public async Task<RewardRow> PayAsync(RewardRow row, CancellationToken cancellationToken)
    {
        var reply = await money.CreditAsync(
            row.AccountId, row.Credits, new EntryTail(row.EntryId, row.EntryType, Description: row.Description), 1, cancellationToken);
        return reply.Status switch
        {
            CreditStatus.Credited or CreditStatus.Duplicate => await SettleAsync(row.EntryId, RewardRow.Applied, reply.Balance, cancellationToken),
            CreditStatus.InsufficientCredits or CreditStatus.BalanceTooLarge or CreditStatus.UnknownAccount =>
                await SettleAsync(row.EntryId, RewardRow.Refused, null, cancellationToken),
            CreditStatus.Unavailable => row,
            _ => throw new InvalidOperationException($"Unknown credit status {reply.Status}."),
        };
    }

    public async Task<IReadOnlyList<RewardRow>> ListPendingAsync(TimeSpan age, string after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<RewardRow>(new CommandDefinition(ListPending, new { age, after, limit }, cancellationToken: cancellationToken))];
    }

    private async Task<RewardRow> SettleAsync(string entryId, string status, long? balanceAfter, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<RewardRow>(
            new CommandDefinition(Settle, new { entryId, status, balanceAfter }, cancellationToken: cancellationToken));
    }
}
