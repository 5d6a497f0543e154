using Dapper;
using MeteringGateway.Accounts.Notices;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;
using Npgsql;

namespace MeteringGateway.Sales.AutoRecharge;

/// <summary>Which accounts are to buy, and the claim that makes sure that one fall buys once, whichever gateway sees it.</summary>
internal sealed class RechargeClaims(
    NpgsqlDataSource database, OrderStore orders, PurchaseFlow purchases, PaymentChannels channels, TimeProvider time)
{
    /// <summary>A card that was refused thrice will not be taken the fourth time; the customer has to look.</summary>
    public const int MostRefusals = 3;

    private static readonly string ListDue = SqlFile.Read("Sales/AutoRecharge/list-due-recharges.sql");
    private static readonly string Lock = SqlFile.Read("Sales/AutoRecharge/lock-auto-recharge.sql");
    private static readonly string NoteFired = SqlFile.Read("Sales/AutoRecharge/note-recharge-fired.sql");
    private static readonly string Pause = SqlFile.Read("Sales/AutoRecharge/pause-auto-recharge.sql");
    private static readonly string Stop = SqlFile.Read("Sales/AutoRecharge/stop-auto-recharge.sql");

    /// <summary>The accounts after <paramref name="after"/> that look as if they should buy; <see cref="ClaimAsync"/> knows.</summary>
    public Task<IReadOnlyList<long>> ListDueAsync(long after, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<long>(ListDue, Due(null, after, limit), cancellationToken);

    /// <summary>The order that a low balance calls for, or null: somebody else has it, or it is not due.</summary>
    public async Task<OrderRow?> ClaimAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var settings = await connection.QuerySingleOrDefaultAsync<AutoRechargeSettings?>(
            new CommandDefinition(Lock, new { accountId }, transaction, cancellationToken: cancellationToken));
        if (settings is null)
        {
            return null;
        }

        // Refusals that a sweeper or a webhook has learnt of count, too, so before every try.
        if (await StopAsync(transaction, accountId, cancellationToken))
        {
            await transaction.CommitAsync(cancellationToken);
            return null;
        }

        // A statement of its own, after the lock: it sees what the transaction that had the lock before has done.
        var due = await connection.QuerySingleOrDefaultAsync<long?>(
            new CommandDefinition(ListDue, Due(accountId, 0, 1), transaction, cancellationToken: cancellationToken));
        if (due is null
            || purchases.TopUpOf(accountId, settings.AmountCents, OrderKind.AutoRecharge, "Auto-recharge", default) is not { } order
            || channels.Find(order.Channel) is null)
        {
            return null;
        }

        var made = await orders.InsertAsync(connection, transaction, order, cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(NoteFired, new { accountId, now = time.GetUtcNow() }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return made;
    }

    /// <summary>After a refusal: nothing is tried for a while, and after the third in a row nothing until the customer says so.</summary>
    public async Task NoteRefusalAsync(long accountId, string? refusal, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var parameters = new { accountId, until = time.GetUtcNow() + AutoRechargeStore.PauseAfterAttempt, refusal };
        await connection.ExecuteAsync(new CommandDefinition(Pause, parameters, transaction, cancellationToken: cancellationToken));
        await StopAsync(transaction, accountId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<bool> StopAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken)
    {
        var stopped = await transaction.Connection!.QuerySingleOrDefaultAsync<StoppedRecharge?>(new CommandDefinition(
            Stop, new { accountId, most = MostRefusals, now = time.GetUtcNow() }, transaction, cancellationToken: cancellationToken));
        if (stopped is null)
        {
            return false;
        }

        var notice = new NewNotice(
            accountId, NoticeTypes.AutoRechargeStopped, stopped.OrderId, stopped.Refusal ?? "The payment was declined.", stopped.Threshold);
        await NoticeWriter.WriteAsync(transaction, notice, cancellationToken);
        return true;
    }

    private object Due(long? accountId, long after, int limit)
    {
        var now = time.GetUtcNow();
        return new
        {
            accountId,
            after,
            limit,
            now,
            againFrom = now - AutoRechargeStore.PauseAfterAttempt,
            monthStart = AutoRechargeStore.MonthOf(now),
            defaultCap = AutoRechargeSettings.DefaultCap,
        };
    }

    private sealed record StoppedRecharge
    {
        public long Threshold { get; init; }
        public long OrderId { get; init; }
        public string? Refusal { get; init; }
    }
}
