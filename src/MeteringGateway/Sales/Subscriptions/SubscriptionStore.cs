using Dapper;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;
using Npgsql;

namespace MeteringGateway.Sales.Subscriptions;

/// <summary>
/// Subscriptions in PostgreSQL. They start and go on in the transaction that notes a payment, see <see cref="OrderStore"/>.
/// </summary>
internal sealed class SubscriptionStore(NpgsqlDataSource database, OrderStore orders, TimeProvider time)
{
    private static readonly string Insert = SqlFile.Read("Sales/Subscriptions/insert-subscription.sql");
    private static readonly string FindCurrent = SqlFile.Read("Sales/Subscriptions/find-current-subscription.sql");
    private static readonly string CancelAll = SqlFile.Read("Sales/Subscriptions/cancel-subscription.sql");
    private static readonly string Keep = SqlFile.Read("Sales/Subscriptions/keep-subscription.sql");
    private static readonly string ScheduleChange = SqlFile.Read("Sales/Subscriptions/schedule-change.sql");
    private static readonly string TakeFreePlan = SqlFile.Read("Sales/Subscriptions/take-free-plan.sql");

    /// <summary>The subscription that runs, or the last one that did.</summary>
    public Task<SubscriptionRow?> FindCurrentAsync(long accountId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<SubscriptionRow?>(FindCurrent, new { accountId }, cancellationToken);

    /// <summary>Ends the subscription with what is paid. Again and again it is the same; false: there was none.</summary>
    public async Task<bool> CancelAsync(long accountId, CancellationToken cancellationToken)
    {
        var ended = await database.QueryAsync<SubscriptionRow>(CancelAll, new { accountId, now = time.GetUtcNow() }, cancellationToken);
        return ended.Any();
    }

    /// <summary>
    /// What the subscription goes on with when what is paid has ended; its own plan takes a cancellation back. False: it runs no more.
    /// </summary>
    public async Task<bool> ScheduleAsync(long id, string planId, string billing, string channel, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<long?>(ScheduleChange, new { id, planId, billing, channel }, cancellationToken)
            is not null;

    /// <summary>Takes a cancellation back; false: it runs no more.</summary>
    public async Task<bool> KeepAsync(long id, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<long?>(Keep, new { id }, cancellationToken) is not null;

    /// <summary>
    /// Whether the person may have the credits of a plan that costs nothing, and has them with this transaction: once a month,
    /// in whatever wallet.
    /// </summary>
    public static async Task<bool> TakeFreeAsync(
        NpgsqlTransaction transaction, long personId, string planId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            TakeFreePlan, new { personId, planId, now }, transaction, cancellationToken: cancellationToken)) is not null;

    /// <summary>
    /// A subscription that waits for its first payment, and the order for that. Null: the idempotency key is taken, or the credits would
    /// not fit on the balance, or the person has had those of a plan that costs nothing; then nothing was made.
    /// </summary>
    public async Task<OrderRow?> OpenAsync(
        long accountId, PlanRow plan, string channel, string billing, string? idempotencyKey, string? requestHash,
        long personId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await OrderStore.LockRoomAsync(transaction, accountId, plan.CreditsIncluded, cancellationToken))
        {
            return null;
        }

        if (SubscriptionOrders.PriceOf(plan, billing, 0) == 0
            && !await TakeFreeAsync(transaction, personId, plan.Id, time.GetUtcNow(), cancellationToken))
        {
            return null;
        }

        var parameters = new { accountId, planId = plan.Id, channel, billing, personId, now = time.GetUtcNow() };
        var subscription = await connection.QuerySingleAsync<SubscriptionRow>(
            new CommandDefinition(Insert, parameters, transaction, cancellationToken: cancellationToken));
        var order = SubscriptionOrders.Of(subscription, plan, 0)
            ?? throw new InvalidOperationException("Whoever subscribes has asked for the price before.");
        var wanted = order with { Hosted = true, IdempotencyKey = idempotencyKey, RequestHash = requestHash };
        if (await orders.InsertAsync(connection, transaction, wanted, cancellationToken) is not { } made)
        {
            return null;
        }

        await transaction.CommitAsync(cancellationToken);
        return made;
    }
}
