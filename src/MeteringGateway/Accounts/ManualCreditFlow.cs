using System.Text.Json;
using MeteringGateway.Credits;
using MeteringGateway.Hosting;

namespace MeteringGateway.Accounts;

/// <summary>What became of a manual credit: <see cref="Credit"/> is what Redis said, or that the ledger had it already.</summary>
internal readonly record struct ManualCreditOutcome(ManualCreditRow Row, CreditReply Credit);

/// <summary>
/// Takes a recorded manual credit to the balance, exactly once: its entry id never changes, and <see cref="IMoneyIn"/> moves credits
/// once per entry id.
/// </summary>
internal sealed class ManualCreditFlow(ManualCreditStore store, IMoneyIn money)
{
    /// <param name="row">A pending row.</param>
    /// <param name="cancellationToken">Not a client's: once recorded, a credit is finished whether or not somebody waits.</param>
    public async Task<ManualCreditOutcome> SettleAsync(ManualCreditRow row, CancellationToken cancellationToken)
    {
        var metadata = row.Reference is null ? (JsonElement?)null : JsonSerializer.SerializeToElement(new { reference = row.Reference });
        var tail = new EntryTail(row.EntryId, row.Type, Description: row.Description, Metadata: metadata);
        FaultPoint.Hit("money-before-credit");
        var reply = await money.CreditAsync(row.AccountId, row.Amount, tail, row.Attempt, cancellationToken);
        FaultPoint.Hit("money-after-credit");
        var settled = reply.Status switch
        {
            CreditStatus.Credited or CreditStatus.Duplicate => await store.SettleAsync(row, ManualCreditRow.Applied, reply.Balance, cancellationToken),
            CreditStatus.InsufficientCredits or CreditStatus.BalanceTooLarge or CreditStatus.UnknownAccount =>
                await store.SettleAsync(row, ManualCreditRow.Refused, null, cancellationToken),
            CreditStatus.Unavailable => row,
            _ => throw new InvalidOperationException($"Unknown credit status {reply.Status}."),
        };
        return new ManualCreditOutcome(settled, reply);
    }
}
