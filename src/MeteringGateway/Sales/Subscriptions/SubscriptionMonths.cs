using System.Globalization;
using Dapper;
using MeteringGateway.Accounts.Notices;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;
using Npgsql;

namespace MeteringGateway.Sales.Subscriptions;

/// <summary>
/// The months of subscriptions: which is to be ordered, which again, and what a refusal does. Any number of gateways at once.
/// </summary>
internal sealed class SubscriptionMonths(
    NpgsqlDataSource database, OrderStore orders, CatalogStore catalog, PaymentChannels channels, TimeProvider time)
{
    /// <summary>After 1, 3, 5 and 7 days; see note-refusals.sql.</summary>
    public const int Retries = 4;

    private static readonly string ClaimDue = SqlFile.Read("Sales/Subscriptions/claim-due-subscription.sql");
    private static readonly string ClaimRetry = SqlFile.Read("Sales/Subscriptions/claim-retry.sql");
    private static readonly string RunOut = SqlFile.Read("Sales/Subscriptions/run-out.sql");
    private static readonly string Switch = SqlFile.Read("Sales/Subscriptions/switch-subscription.sql");
    private static readonly string NoteRefusals = SqlFile.Read("Sales/Subscriptions/note-refusals.sql");
    private static readonly string EndCanceled = SqlFile.Read("Sales/Subscriptions/end-canceled.sql");

    /// <summary>Orders the next month of one subscription that is due. Null: none is.</summary>
    public Task<OrderRow?> OrderNextAsync(CancellationToken cancellationToken) => OrderAsync(ClaimDue, cancellationToken);

    /// <summary>Orders a refused month of one subscription again. Null: none is due.</summary>
    public Task<OrderRow?> OrderAgainAsync(CancellationToken cancellationToken) => OrderAsync(ClaimRetry, cancellationToken);

    public async Task NoteRefusalsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var refused = await connection.QueryAsync<RefusedMonth>(new CommandDefinition(
            NoteRefusals, new { now = time.GetUtcNow(), retries = Retries }, transaction, cancellationToken: cancellationToken));
        foreach (var month in refused)
        {
            await NoticeWriter.WriteAsync(transaction, month.Notice(NoticeTypes.SubscriptionPaymentFailed), cancellationToken);
            if (month is { Status: SubscriptionRow.Canceled, CancelAtPeriodEnd: false })
            {
                await NoticeWriter.WriteAsync(transaction, month.Notice(NoticeTypes.SubscriptionEnded), cancellationToken);
            }
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public async Task EndCanceledAsync(CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(EndCanceled, new { now = time.GetUtcNow() }, cancellationToken);
    }

    private async Task<OrderRow?> OrderAsync(string claim, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (ranOut, made) = await TryOrderAsync(claim, cancellationToken);
            if (!ranOut)
            {
                return made;
            }
        }
    }

    /// <summary>One that ran out has no order, and another one may be due.</summary>
    private async Task<(bool RanOut, OrderRow? Made)> TryOrderAsync(string claim, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await connection.QuerySingleOrDefaultAsync<SubscriptionRow?>(
            new CommandDefinition(
                claim, new { now = time.GetUtcNow(), real = channels.Real.ToArray() }, transaction, cancellationToken: cancellationToken));
        if (due is null)
        {
            return (false, null);
        }

        if (await NextOrderAsync(transaction, due, cancellationToken) is not { } order)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                RunOut, new { id = due.Id, now = time.GetUtcNow() }, transaction, cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
            return (true, null);
        }

        var made = await orders.InsertAsync(connection, transaction, order, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (false, made);
    }

    /// <summary>
    /// The month after the one that runs. Where what is paid ends, a change that was wanted takes effect. Null: it was to a plan that costs
    /// nothing, and the person has that elsewhere or had it this month.
    /// </summary>
    private async Task<NewOrder?> NextOrderAsync(NpgsqlTransaction transaction, SubscriptionRow due, CancellationToken cancellationToken)
    {
        var upcoming = SubscriptionOrders.Upcoming(due);
        var plan = await catalog.FindPlanAsync(upcoming.PlanId, cancellationToken)
            ?? throw new InvalidOperationException($"Plan {upcoming.PlanId} is gone.");
        var (wanted, order) = SubscriptionOrders.OfNextMonth(upcoming, plan);
        if (wanted.PlanId != due.PlanId && order.PriceCents == 0
            && !await SubscriptionStore.TakeFreeAsync(transaction, due.PersonId, plan.Id, time.GetUtcNow(), cancellationToken))
        {
            return null;
        }

        if (wanted != due)
        {
            var parameters =
                new { id = due.Id, planId = wanted.PlanId, billing = wanted.Billing, channel = wanted.Channel, period = order.Period };
            await transaction.Connection!.ExecuteAsync(
                new CommandDefinition(Switch, parameters, transaction, cancellationToken: cancellationToken));
        }

        return order;
    }

    internal sealed record RefusedMonth
    {
        public long Id { get; init; }
        public long AccountId { get; init; }
        public required string Status { get; init; }
        public bool CancelAtPeriodEnd { get; init; }
        public DateTimeOffset? RetryAt { get; init; }
        public long OrderId { get; init; }
        public string? Refusal { get; init; }

        public NewNotice Notice(string type) => new(AccountId, type, OrderId, Refusal ?? "The payment was declined.")
        {
            Reason = type == NoticeTypes.SubscriptionEnded
                ? "The subscription has ended: its payment was refused each time."
                : (Refusal ?? "The payment was declined.") + (RetryAt is { } retry
                    ? string.Create(CultureInfo.InvariantCulture, $" It is tried again at {retry.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}.") : ""),
        };
    }
}
