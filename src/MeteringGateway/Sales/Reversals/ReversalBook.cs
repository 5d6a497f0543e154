using System.Globalization;
using Dapper;
using MeteringGateway.Accounts.Notices;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;
using Npgsql;

namespace MeteringGateway.Sales.Reversals;

/// <summary>
/// Writes down what refunds and disputes do to the credits of their order, before any credits move. All of it happens under the account's
/// lock and then the order's, in the caller's transaction, so that steps of one order come one after the other.
/// </summary>
internal sealed class ReversalBook(TimeProvider time)
{
    private static readonly string Upsert = SqlFile.Read("Sales/Reversals/note-reversal.sql");
    private static readonly string LockAccount = SqlFile.Read("Sales/Reversals/lock-account-of-order.sql");
    private static readonly string LockOrder = SqlFile.Read("Sales/Reversals/lock-order.sql");
    private static readonly string List = SqlFile.Read("Sales/Reversals/list-reversals.sql");
    private static readonly string NoteBooked = SqlFile.Read("Sales/Reversals/note-booked.sql");
    private static readonly string InsertMovement = SqlFile.Read("Sales/Reversals/insert-movement.sql");

    /// <summary>Keeps what the provider says; what is known already and is further stays.</summary>
    public static Task NoteAsync(
        NpgsqlTransaction transaction, string channel, string paymentId, string? currency, ReversalSaid said,
        CancellationToken cancellationToken)
    {
        var parameters = new
        {
            channel,
            reversalId = said.Id,
            kind = said.Kind,
            paymentId,
            amountCents = said.AmountCents,
            currency,
            state = said.State.ToString().ToLowerInvariant(),
        };
        return transaction.Connection!.ExecuteAsync(
            new CommandDefinition(Upsert, parameters, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>Takes the lock that <see cref="BookAsync"/> needs before the order's.</summary>
    public static Task LockAsync(NpgsqlTransaction transaction, long orderId, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(LockAccount, new { orderId }, transaction, cancellationToken: cancellationToken));

    /// <summary>
    /// Follows what is known of an order's payment. Nothing before the order has its credits: what was not given can't be taken back.
    /// </summary>
    public async Task BookAsync(NpgsqlTransaction transaction, long orderId, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var order = await connection.QuerySingleAsync<ReversedOrder>(
            new CommandDefinition(LockOrder, new { orderId }, transaction, cancellationToken: cancellationToken));
        if (order.Status != OrderStatus.Fulfilled || order.PaymentId is null)
        {
            return;
        }

        var known = (await connection.QueryAsync<ReversalRow>(new CommandDefinition(
            List, new { channel = order.Channel, paymentId = order.PaymentId, currency = order.Currency }, transaction,
            cancellationToken: cancellationToken))).AsList();
        foreach (var step in ReversalRules.Steps(order.Credits, order.PaidCents, order.ReversedCredits, known))
        {
            await TakeStepAsync(transaction, order, step, cancellationToken);
        }
    }

    private async Task TakeStepAsync(
        NpgsqlTransaction transaction, ReversedOrder order, ReversalStep step, CancellationToken cancellationToken)
    {
        var reversal = step.Reversal;
        if (step.Credits > 0)
        {
            var kind = reversal.Kind == ReversalSaid.Dispute ? MovementKind.Dispute : MovementKind.Refund;
            await MoveAsync(transaction, order, kind, reversal.ReversalId, step.Credits, -step.Credits, cancellationToken);
            await TellAsync(transaction, order, kind, step, cancellationToken);
        }
        else if (step.Credits < 0)
        {
            // What was never taken is forgiven first, and the rest is given.
            var given = -step.Credits - await DebtBook.ForgiveAsync(transaction, order.Id, -step.Credits, cancellationToken);
            if (given > 0)
            {
                await MoveAsync(transaction, order, MovementKind.Reinstated, reversal.ReversalId, given, given, cancellationToken);
            }
        }

        var booked = new { channel = order.Channel, reversalId = reversal.ReversalId, state = reversal.State };
        await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(NoteBooked, booked, transaction, cancellationToken: cancellationToken));
        await OrderNotes.ReversedAsync(transaction, order.Id, step.Reversed, step.IsAll, cancellationToken);
    }

    /// <summary>The credits of an order pay what its account owes, as far as they go.</summary>
    public async Task PayDebtsAsync(NpgsqlTransaction transaction, long orderId, CancellationToken cancellationToken)
    {
        var order = await transaction.Connection!.QuerySingleAsync<ReversedOrder>(
            new CommandDefinition(LockOrder, new { orderId }, transaction, cancellationToken: cancellationToken));
        var owed = Math.Min(
            order.Credits - order.ReversedCredits, await DebtBook.OpenAsync(transaction, order.AccountId, cancellationToken));
        if (owed > 0)
        {
            var id = order.Id.ToString(CultureInfo.InvariantCulture);
            await MoveAsync(transaction, order, MovementKind.Debt, id, owed, -owed, cancellationToken);
            await DebtBook.SetAsideAsync(transaction, order.AccountId, MovementRow.DebtEntry(order.Id), owed, cancellationToken);
        }
    }

    private Task<int> MoveAsync(
        NpgsqlTransaction transaction, ReversedOrder order, string kind, string id, long credits, long amount,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var parameters = new
        {
            entryId = $"{kind}:{id}",
            accountId = order.AccountId,
            orderId = order.Id,
            kind,
            credits,
            amount,
            now,
            retryAt = now + OrderStore.Patience,
        };
        return transaction.Connection!.ExecuteAsync(
            new CommandDefinition(InsertMovement, parameters, transaction, cancellationToken: cancellationToken));
    }

    private static Task TellAsync(
        NpgsqlTransaction transaction, ReversedOrder order, string kind, ReversalStep step, CancellationToken cancellationToken)
    {
        var reason = string.Create(
            CultureInfo.InvariantCulture, $"A {kind} of order {order.Id} takes back {step.Credits} of its {order.Credits} credits.");
        var notice = new NewNotice(order.AccountId, NoticeTypes.PaymentReversed, order.Id, reason, step.Reversed);
        return NoticeWriter.WriteAsync(transaction, notice, cancellationToken);
    }

    private sealed record ReversedOrder
    {
        public long Id { get; init; }
        public long AccountId { get; init; }
        public required string Channel { get; init; }
        public required string Status { get; init; }
        public required string Currency { get; init; }
        public long Credits { get; init; }
        public long PaidCents { get; init; }
        public long ReversedCredits { get; init; }
        public string? PaymentId { get; init; }
    }
}
