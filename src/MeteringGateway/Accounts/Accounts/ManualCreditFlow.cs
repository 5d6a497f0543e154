using System.Text.Json;
using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Accounts.Accounts;

/// <summary>Takes a recorded manual credit to the balance, exactly once.</summary>
internal sealed class ManualCreditFlow(ManualCreditStore store, Payout payout) : IUnfinishedRows<ManualCreditRow>
{
    /// <summary>Longer than a request takes to finish what it recorded.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(10);

    /// <param name="row">A pending row.</param>
    /// <param name="cancellationToken">Not a client's: once recorded, a credit is finished whether or not somebody waits.</param>
    public Task<PayoutOutcome<ManualCreditRow>> PayAsync(ManualCreditRow row, CancellationToken cancellationToken)
    {
        var metadata = row.Reference is null ? (JsonElement?)null : JsonSerializer.SerializeToElement(new { reference = row.Reference });
        var entry = new EntryTail(row.EntryId, row.Type, Description: row.Description, Metadata: metadata);
        return payout.PayAsync(
            row,
            new DueCredits(row.AccountId, row.Amount, entry, row.Attempt),
            balance => store.FinishAsync(row, PayoutStatus.Applied, balance, cancellationToken),
            _ => store.FinishAsync(row, PayoutStatus.Refused, null, cancellationToken),
            cancellationToken);
    }

    public Task<IReadOnlyList<ManualCreditRow>> ListUnfinishedAsync(
        ManualCreditRow? after, int limit, CancellationToken cancellationToken) =>
        store.ListPendingAsync(Age, after?.Id ?? 0, limit, cancellationToken);

    public async Task<ManualCreditRow> FinishAsync(ManualCreditRow row, CancellationToken cancellationToken) =>
        (await PayAsync(row, cancellationToken)).Row;
}
