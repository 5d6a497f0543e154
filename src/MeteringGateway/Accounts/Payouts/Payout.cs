using MeteringGateway.Engine.Movements;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Accounts.Payouts;

/// <summary>Credits that a recorded row says are to be given, or to be taken.</summary>
/// <param name="AccountId">Whose balance.</param>
/// <param name="Credits">Not 0; less than 0 takes them.</param>
/// <param name="Entry">What the ledger keeps of it. Its id is the row's for ever: the credits are given once per id.</param>
/// <param name="Attempt">From 1, one more after each refusal.</param>
internal readonly record struct DueCredits(long AccountId, long Credits, EntryTail Entry, int Attempt = 1);

/// <summary>The row as it stands afterwards, and what the engine said.</summary>
internal readonly record struct PayoutOutcome<TRow>(TRow Row, CreditReply Credit);

/// <summary>
/// Takes the credits of a recorded row to the balance, exactly once however often and wherever it is tried: the row is recorded first, then
/// the credits move under the row's entry id, then the row is finished. A gateway that dies between two of these steps leaves a row that
/// the next try, by any gateway, finishes. Any number of callers at once.
/// </summary>
internal sealed class Payout(ICreditMovements money)
{
    /// <param name="row">Recorded and unpaid.</param>
    /// <param name="due">What it is owed.</param>
    /// <param name="paid">Finishes the row as paid; gets the balance afterwards.</param>
    /// <param name="refused">Finishes the row as refused, or leaves it open for a person; gets the reason.</param>
    /// <param name="cancellationToken">Not a client's: once recorded, a row is finished whether or not somebody waits.</param>
    /// <returns>The same row while Redis or PostgreSQL is away; then <see cref="PayoutSweeper{TRow}"/> finishes it.</returns>
    public async Task<PayoutOutcome<TRow>> PayAsync<TRow>(
        TRow row, DueCredits due, Func<long, Task<TRow>> paid, Func<CreditStatus, Task<TRow>> refused, CancellationToken cancellationToken)
    {
        FaultPoint.Hit("money-before-credit");
        var reply = await money.CreditAsync(due.AccountId, due.Credits, due.Entry, due.Attempt, cancellationToken);
        FaultPoint.Hit("money-after-credit");
        var marked = reply.Status switch
        {
            CreditStatus.Credited or CreditStatus.Duplicate => await paid(reply.Balance),
            CreditStatus.InsufficientCredits or CreditStatus.BalanceTooLarge or CreditStatus.UnknownAccount => await refused(reply.Status),
            CreditStatus.Unavailable => row,
            _ => throw new InvalidOperationException($"Unknown credit status {reply.Status}."),
        };
        return new PayoutOutcome<TRow>(marked, reply);
    }
}
