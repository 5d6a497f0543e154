using Dapper;
using MeteringGateway.Accounts.Notices;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.PaymentEvents;
using MeteringGateway.Sales.Payments;

namespace MeteringGateway.Sales.Subscriptions;

/// <summary>
/// Subscriptions that the provider charges by itself. Credits come from a payment alone, one order a payment: of what a customer agreed to
/// (a page that was left, a subscription that began) no credits come.
/// </summary>
internal sealed class SubscriptionEvents(
    OrderStore orders, OrderFlow flow, CatalogStore catalog, SubscriptionEndings endings, TimeProvider time) : IPaymentEventTaker
{
    private static readonly string s_lockAccount = SqlFile.Read("Sales/Subscriptions/lock-account-of-subscription.sql");
    private static readonly string s_lock = SqlFile.Read("Sales/Subscriptions/lock-provided.sql");
    private static readonly string s_find = SqlFile.Read("Sales/Subscriptions/find-provided.sql");
    private static readonly string s_findOrder = SqlFile.Read("Sales/Subscriptions/find-month-order.sql");
    private static readonly string s_notePaid = SqlFile.Read("Sales/Subscriptions/note-provided.sql");
    private static readonly string s_noteRefusal = SqlFile.Read("Sales/Subscriptions/note-provider-refusal.sql");
    private static readonly string s_noteState = SqlFile.Read("Sales/Subscriptions/note-provider-state.sql");

    public async Task<EventResult?> TakeAsync(EventContext context, CancellationToken cancellationToken)
    {
        if (context.Said.Kind is not (PaymentEventKind.MonthPaid or PaymentEventKind.MonthRefused or PaymentEventKind.SubscriptionChanged)
            || context.Said.Subscription is not { } said)
        {
            return null;
        }

        if (context.IsForeign([.. said.References, .. context.Said.References]))
        {
            return new EventResult(EventOutcome.OtherInstallation);
        }

        if (await LockAsync(context, said, cancellationToken) is not { } subscription)
        {
            return new EventResult(EventOutcome.UnknownOrder);
        }

        return context.Said.Kind switch
        {
            PaymentEventKind.MonthPaid => await TakePaymentAsync(context, said, subscription, cancellationToken),
            PaymentEventKind.MonthRefused => await TakeRefusalAsync(context, said, subscription, cancellationToken),
            _ => await TakeStateAsync(context, said, subscription, cancellationToken),
        };
    }

    public async Task FinishAsync(EventResult result, CancellationToken cancellationToken)
    {
        // A new subscription ends the one before it, and its provider has to know.
        if (result is { Outcome: EventOutcome.Paid, Order: { SubscriptionId: not null } order })
        {
            await flow.FulfilAsync(order, cancellationToken);
            await endings.TellAsync(order.AccountId, cancellationToken);
        }
    }

    /// <summary>By our own name for it, or the provider's, or the order that began it.</summary>
    private static async Task<SubscriptionRow?> LockAsync(EventContext context, SubscriptionSaid said, CancellationToken cancellationToken)
    {
        var connection = context.Transaction.Connection!;
        var id = context.OwnOf(said.References).Select(SubscriptionRow.IdOf).FirstOrDefault(found => found is not null)
            ?? await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
                s_find, new { channel = context.Channel, providerId = said.ProviderId }, context.Transaction,
                cancellationToken: cancellationToken))
            ?? (await OrderFinder.FindAsync(context, cancellationToken))?.SubscriptionId;
        if (id is null)
        {
            return null;
        }

        await ExecuteAsync(context, s_lockAccount, new { id }, cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<SubscriptionRow?>(new CommandDefinition(
            s_lock, new { id }, context.Transaction, cancellationToken: cancellationToken));
        return row?.Channel == context.Channel && (row.ProviderId is null || row.ProviderId == said.ProviderId || row.PaidThrough == 0)
            ? row
            : null;
    }

    private async Task<EventResult> TakePaymentAsync(
        EventContext context, SubscriptionSaid said, SubscriptionRow subscription, CancellationToken cancellationToken)
    {
        var (step, isFirst) = (MonthsOf(subscription.Billing), said.IsFirst ?? subscription.PaidThrough == 0);
        var period = isFirst ? 0 : Math.Max(subscription.PaidThrough, step);
        var found = await FindOrderAsync(context, subscription, period, cancellationToken);
        if (found is { Status: OrderStatus.Paid or OrderStatus.Fulfilled })
        {
            if (found.PaymentId != context.Said.PaymentId)
            {
                return new EventResult(EventOutcome.SecondPayment, found);
            }

            // A sweeper that asked the provider was faster than the event: what was agreed is still to be noted.
            await NotePaidAsync(context, said, found, step, cancellationToken);
            return new EventResult(EventOutcome.NothingToDo, found);
        }

        var plan = await catalog.FindPlanAsync(subscription.PlanId, cancellationToken)
            ?? throw new InvalidOperationException($"Plan {subscription.PlanId} is gone.");
        var today = SubscriptionOrders.PriceOf(plan, subscription.Billing, 0);
        var agreed = found?.PriceCents ?? subscription.PriceCents ?? today;
        if ((context.Said.AmountCents is { } amount && amount != agreed && amount != today)
            || (context.Said.Currency is { } currency && currency != (found?.Currency ?? plan.Currency)))
        {
            return new EventResult(EventOutcome.WrongAmount, found);
        }

        var price = context.Said.AmountCents ?? agreed ?? 0;
        var order = found ?? await orders.InsertAsync(
            context.Transaction.Connection!, context.Transaction, SubscriptionOrders.OfProvider(subscription, plan, period, price),
            cancellationToken);
        var facts = new OrderFacts(context.Said.PaymentId, PaidCents: context.Said.PaidCents);
        var paid = order is null
            ? null
            : await orders.SettleAsync(context.Transaction, order.Id, OrderStatus.Paid, facts, cancellationToken);
        if (paid is null)
        {
            // Somebody else has the month: the locks of this transaction keep others away, so it was taken before, under another payment.
            return new EventResult(EventOutcome.SecondPayment, order);
        }

        await NotePaidAsync(context, said, paid, step, cancellationToken);
        return new EventResult(EventOutcome.Paid, paid);
    }

    private static Task<int> NotePaidAsync(
        EventContext context, SubscriptionSaid said, OrderRow order, int step, CancellationToken cancellationToken)
    {
        var noted = new
        {
            id = order.SubscriptionId,
            orderId = order.Id,
            providerId = said.ProviderId,
            priceCents = order.PriceCents,
            paidThrough = (order.Period ?? 0) + step,
            periodEnd = said.PeriodEnd,
        };
        return ExecuteAsync(context, s_notePaid, noted, cancellationToken);
    }

    private static async Task<EventResult> TakeRefusalAsync(
        EventContext context, SubscriptionSaid said, SubscriptionRow subscription, CancellationToken cancellationToken)
    {
        // Told late: the same payment went through since.
        var known = await FindOrderAsync(context, subscription, null, cancellationToken);
        if (known is { Status: OrderStatus.Paid or OrderStatus.Fulfilled } paid)
        {
            return new EventResult(EventOutcome.NothingToDo, paid);
        }

        var status = await context.Transaction.Connection!.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            s_noteRefusal, new { id = subscription.Id, providerId = said.ProviderId }, context.Transaction,
            cancellationToken: cancellationToken));
        if (status is null)
        {
            return new EventResult(EventOutcome.NothingToDo);
        }

        var notice = new NewNotice(
            subscription.AccountId, NoticeTypes.SubscriptionPaymentFailed, subscription.Id,
            "The payment provider could not charge the subscription. It tries again; the payment method can be changed in its portal.",
            subscription.PaidThrough);
        await NoticeWriter.WriteAsync(context.Transaction, notice, cancellationToken);
        return new EventResult(EventOutcome.Noted);
    }

    private async Task<EventResult> TakeStateAsync(
        EventContext context, SubscriptionSaid said, SubscriptionRow subscription, CancellationToken cancellationToken)
    {
        var state = said.Facts?.State;
        if (state == SubscriptionState.Ended && subscription.ProviderId is not null && subscription.ProviderId != said.ProviderId)
        {
            // One that never paid, and that another one has taken the place of.
            return new EventResult(EventOutcome.NothingToDo);
        }

        var parameters = new
        {
            id = subscription.Id,
            providerId = said.ProviderId,
            asOf = context.Said.OccurredAt,
            periodEnd = said.Facts?.PeriodEnd,
            isEnding = said.Facts?.IsEnding ?? subscription.CancelAtPeriodEnd,
            isOver = state == SubscriptionState.Ended,
            isPastDue = state == SubscriptionState.PastDue || (state is null && subscription.Status == "past_due"),
            now = time.GetUtcNow(),
        };
        await ExecuteAsync(context, s_noteState, parameters, cancellationToken);
        return new EventResult(EventOutcome.Noted);
    }

    private static async Task<OrderRow?> FindOrderAsync(
        EventContext context, SubscriptionRow subscription, int? period, CancellationToken cancellationToken)
    {
        var parameters = new { channel = context.Channel, paymentId = context.Said.PaymentId, id = subscription.Id, period };
        return await context.Transaction.Connection!.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            s_findOrder, parameters, context.Transaction, cancellationToken: cancellationToken)) is { } order
            ? await OrderFinder.FindAsync(context, order, cancellationToken)
            : null;
    }

    private static int MonthsOf(string billing) => billing == SubscriptionRow.Yearly ? SubscriptionOrders.MonthsOfAYear : 1;

    private static Task<int> ExecuteAsync(EventContext context, string sql, object parameters, CancellationToken cancellationToken) =>
        context.Transaction.Connection!.ExecuteAsync(
            new CommandDefinition(sql, parameters, context.Transaction, cancellationToken: cancellationToken));
}
