using Dapper;
using MeteringGateway.Catalog;
using MeteringGateway.Orders;
using MeteringGateway.Storage;
using Npgsql;

namespace MeteringGateway.Subscriptions;

/// <summary>Subscriptions in PostgreSQL. They start and go on in the transaction that notes a payment, see <see cref="OrderStore"/>.</summary>
internal sealed class SubscriptionStore(NpgsqlDataSource books, OrderStore orders, CatalogStore catalog, TimeProvider time)
{
    private static readonly string Insert = SqlFile.Read("Subscriptions/insert-subscription.sql");
    private static readonly string FindCurrent = SqlFile.Read("Subscriptions/find-current-subscription.sql");
    private static readonly string CancelAll = SqlFile.Read("Subscriptions/cancel-subscription.sql");
    private static readonly string ClaimDue = SqlFile.Read("Subscriptions/claim-due-subscription.sql");
    private static readonly string MarkPastDue = SqlFile.Read("Subscriptions/mark-past-due.sql");

    /// <summary>The subscription that runs, or the last one that did.</summary>
    public async Task<SubscriptionRow?> FindCurrentAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<SubscriptionRow?>(
            new CommandDefinition(FindCurrent, new { accountId }, cancellationToken: cancellationToken));
    }

    /// <summary>Ends the subscription at once; credits already given stay. False: there was none.</summary>
    public async Task<bool> CancelAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        var ended = await connection.QueryAsync<SubscriptionRow>(
            new CommandDefinition(CancelAll, new { accountId, now = time.GetUtcNow() }, cancellationToken: cancellationToken));
        return ended.Any();
    }

    /// <summary>
    /// A subscription that waits for its first payment, and the order for that. Null: the idempotency key is taken, or the credits would
    /// not fit on the balance; then nothing was made.
    /// </summary>
    public async Task<OrderRow?> OpenAsync(
        long accountId, PlanRow plan, string channel, string billing, string? idempotencyKey, string? requestHash, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await OrderStore.LockRoomAsync(transaction, accountId, plan.CreditsIncluded, cancellationToken))
        {
            return null;
        }

        var parameters = new { accountId, planId = plan.Id, channel, billing, now = time.GetUtcNow() };
        var subscription = await connection.QuerySingleAsync<SubscriptionRow>(new CommandDefinition(Insert, parameters, transaction, cancellationToken: cancellationToken));
        var order = SubscriptionOrders.Of(subscription, plan, 0) ?? throw new InvalidOperationException("Whoever subscribes has asked for the price before.");
        var wanted = order with { Hosted = true, IdempotencyKey = idempotencyKey, RequestHash = requestHash };
        if (await orders.InsertAsync(connection, transaction, wanted, cancellationToken) is not { } made)
        {
            return null;
        }

        await transaction.CommitAsync(cancellationToken);
        return made;
    }

    /// <summary>Orders the next month of one subscription that is due. Null: none is.</summary>
    public async Task<OrderRow?> OrderNextMonthAsync(CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await connection.QuerySingleOrDefaultAsync<SubscriptionRow?>(
            new CommandDefinition(ClaimDue, new { now = time.GetUtcNow() }, transaction, cancellationToken: cancellationToken));
        if (due is null)
        {
            return null;
        }

        var plan = await catalog.FindPlanAsync(due.PlanId, cancellationToken) ?? throw new InvalidOperationException($"Plan {due.PlanId} is gone.");

        // A yearly price that was taken away since: the subscription goes on by the month.
        var order = SubscriptionOrders.Of(due, plan, due.Period + 1) ?? SubscriptionOrders.Of(due with { Billing = SubscriptionRow.Monthly }, plan, due.Period + 1);
        var made = await orders.InsertAsync(connection, transaction, order!, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return made;
    }

    public async Task MarkPastDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(MarkPastDue, cancellationToken: cancellationToken));
    }
}
