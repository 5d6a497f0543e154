using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using Npgsql;

namespace MeteringGateway.Sales.Rewards;

/// <summary>
/// Takes a recorded reward to the balance, exactly once however often and wherever it is tried. Any number of callers at once.
/// </summary>
internal sealed class RewardPayout(NpgsqlDataSource database, Payout payout) : IUnfinishedRows<RewardRow>
{
    private static readonly string FinishRow = SqlFile.Read("Sales/Rewards/finish-reward.sql");
    private static readonly string ListPending = SqlFile.Read("Sales/Rewards/list-pending-rewards.sql");

    /// <summary>Longer than a request takes to pay what it recorded.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(10);

    /// <summary>The row afterwards: still pending while Redis is away, then the sweeper finishes it.</summary>
    /// <param name="row">A pending row.</param>
    /// <param name="cancellationToken">Not a client's: once recorded, a reward is paid whether or not somebody waits.</param>
    public async Task<RewardRow> FinishAsync(RewardRow row, CancellationToken cancellationToken)
    {
        var paid = await payout.PayAsync(
            row,
            new DueCredits(row.AccountId, row.Credits, new EntryTail(row.EntryId, row.EntryType, Description: row.Description)),
            balance => FinishRowAsync(row.EntryId, PayoutStatus.Applied, balance, cancellationToken),
            _ => FinishRowAsync(row.EntryId, PayoutStatus.Refused, null, cancellationToken),
            cancellationToken);
        return paid.Row;
    }

    public async Task<IReadOnlyList<RewardRow>> ListUnfinishedAsync(RewardRow? after, int limit, CancellationToken cancellationToken)
    {
        var parameters = new { age = Age, after = after?.EntryId ?? "", limit };
        return await database.QueryAsync<RewardRow>(ListPending, parameters, cancellationToken);
    }

    private Task<RewardRow> FinishRowAsync(string entryId, string status, long? balanceAfter, CancellationToken cancellationToken) =>
        database.QuerySingleAsync<RewardRow>(FinishRow, new { entryId, status, balanceAfter }, cancellationToken);
}
