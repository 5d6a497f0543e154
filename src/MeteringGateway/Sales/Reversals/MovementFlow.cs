using System.Globalization;
using System.Text.Json;
using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Engine.Movements;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Sales.Reversals;

/// <summary>
/// Moves the credits of a recorded refund, dispute, reinstatement or payment of a debt, exactly once. A debit takes what is free: where
/// Redis refuses an attempt, the row first says how many the next one takes, so that nobody ever sends two amounts under one attempt.
/// </summary>
internal sealed class MovementFlow(MovementStore store, Payout payout, ILogger<MovementFlow> logger) : IUnfinishedRows<MovementRow>
{
    /// <summary>Calls that go on meanwhile make it fewer each time; a sweeper goes on with what is left.</summary>
    private const int Tries = 8;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    public Task<IReadOnlyList<MovementRow>> ListUnfinishedAsync(MovementRow? after, int limit, CancellationToken cancellationToken) =>
        store.ListOpenAsync(after?.EntryId ?? "", limit, cancellationToken);

    /// <summary>All that an account has open.</summary>
    public async Task FinishAllAsync(long accountId, CancellationToken cancellationToken)
    {
        foreach (var row in await store.ListOpenOfAsync(accountId, cancellationToken))
        {
            await FinishAsync(row, cancellationToken);
        }
    }

    public async Task<MovementRow> FinishAsync(MovementRow row, CancellationToken cancellationToken)
    {
        if (row.Kind == MovementKind.Reinstated)
        {
            if (await store.IsBlockedAsync(row, cancellationToken))
            {
                return await PostponedAsync(row, cancellationToken);
            }

            // What it waited for may have lowered it since the row was read.
            row = await store.ReadAsync(row, cancellationToken);
        }

        for (var i = 0; i < Tries && row.Status == PayoutStatus.Pending; i++)
        {
            if (row.Amount == 0)
            {
                return await store.ApplyAsync(row, 0, null, cancellationToken);
            }

            var outcome = await payout.PayAsync(
                row, new DueCredits(row.AccountId, row.Amount, Entry(row), row.Attempt), _ => Task.FromResult(row),
                _ => Task.FromResult(row), cancellationToken);
            switch (outcome.Credit.Status)
            {
                case CreditStatus.Credited or CreditStatus.Duplicate:
                    return await store.ApplyAsync(row, Math.Abs(outcome.Credit.Moved), outcome.Credit.Balance, cancellationToken);
                case CreditStatus.InsufficientCredits:
                    row = await store.DecideAsync(row, -Math.Min(row.Credits, outcome.Credit.Free), cancellationToken);
                    break;
                case CreditStatus.Unavailable:
                    return await PostponedAsync(row, cancellationToken);
                default:
                    logger.LogError("{Entry} can't move its credits: {Status}", row.EntryId, outcome.Credit.Status);
                    return await PostponedAsync(row, cancellationToken);
            }
        }

        return row.Status == PayoutStatus.Pending ? await PostponedAsync(row, cancellationToken) : row;
    }

    private async Task<MovementRow> PostponedAsync(MovementRow row, CancellationToken cancellationToken)
    {
        await store.PostponeAsync(row, s_pause, cancellationToken);
        return row;
    }

    private static EntryTail Entry(MovementRow row) => new(
        row.EntryId,
        row.Kind,
        Description: row.Kind switch
        {
            MovementKind.Refund => Text($"Refund of order {row.OrderId}"),
            MovementKind.Dispute => Text($"Dispute of order {row.OrderId}"),
            MovementKind.Reinstated => Text($"Order {row.OrderId}, reinstated"),
            _ => Text($"Order {row.OrderId} pays what was owed"),
        },
        Metadata: JsonSerializer.SerializeToElement(new MovementMetadata(row.OrderId, row.PaymentId), WireJson.Options));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What the ledger keeps of such a movement beside its credits.</summary>
internal sealed record MovementMetadata(long OrderId, string? PaymentId);
