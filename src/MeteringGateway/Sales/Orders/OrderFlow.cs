using System.Text.Json;
using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Engine.Movements;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Sales.Payments;

namespace MeteringGateway.Sales.Orders;

/// <summary>
/// Takes an order from wherever it is as far as it gets: payment, then credits. Each step is safe to repeat, the payment by the order's
/// reference at the provider, the credit by its entry id, so that a request, its repeat, a webhook and a sweeper may all do it at once.
/// </summary>
internal sealed class OrderFlow(
    OrderStore store, PaymentChannels channels, Payout payout, IOrderFulfilled fulfilled, OrderPages pages, TimeProvider time,
    ILogger<OrderFlow> logger)
    : IUnfinishedRows<OrderRow>
{
    /// <summary>An order the provider has not heard of by then never got to it, and is given up: the customer has long gone.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);
    private const string NoMethod =
        "The payment needs the customer: save a payment method on the page of POST /payment/create-session with type 'setup'.";

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Records and pays an order. Under one idempotency key there is one order, and every repeat gets its answer.</summary>
    /// <param name="order">What is bought.</param>
    /// <param name="sandboxMode">What the sandbox is to do, if that is where it is paid.</param>
    /// <param name="cancellationToken">Counts until the order is recorded; then it is finished whether or not somebody waits.</param>
    public async Task<OrderReply> PlaceAsync(NewOrder order, string? sandboxMode, CancellationToken cancellationToken)
    {
        if (await FindRepeatAsync(order, cancellationToken) is { } repeat)
        {
            return await RepeatAsync(order, repeat, sandboxMode);
        }

        if (channels.Find(order.Channel) is null)
        {
            return new OrderReply(OrderOutcome.ChannelDisabled);
        }

        var (row, isNew) = await store.OpenAsync(order, cancellationToken);
        return row is null ? new OrderReply(order.PriceCents == 0 ? OrderOutcome.FreeTaken : OrderOutcome.BalanceTooLarge)
            : isNew ? new OrderReply(await AdvanceAsync(row, sandboxMode, CancellationToken.None), isReplay: false)
            : await RepeatAsync(order, row, sandboxMode);
    }

    /// <summary>The order that has the idempotency key already, if there is one.</summary>
    public Task<OrderRow?> FindRepeatAsync(NewOrder order, CancellationToken cancellationToken) =>
        order.IdempotencyKey is null
            ? Task.FromResult<OrderRow?>(null)
            : store.FindByKeyAsync(order.AccountId, order.IdempotencyKey, cancellationToken);

    private async Task<OrderReply> RepeatAsync(NewOrder order, OrderRow first, string? sandboxMode) =>
        first.RequestHash != order.RequestHash
            ? new OrderReply(OrderOutcome.Mismatch, first)
            : new OrderReply(await AdvanceAsync(first, sandboxMode, CancellationToken.None), isReplay: true);

    /// <summary>For the request that made the order, or repeats it: charges what is to be charged at once.</summary>
    public async Task<OrderRow> AdvanceAsync(OrderRow order, string? sandboxMode, CancellationToken cancellationToken)
    {
        if (order is { Status: OrderStatus.Pending, PriceCents: 0 })
        {
            order = await store.SettleAsync(order, OrderStatus.Paid, default, cancellationToken);
        }
        else if (order is { Status: OrderStatus.Pending, Hosted: false } && channels.Find(order.Channel) is { } provider)
        {
            order = await NoteAsync(order, await ChargeAsync(provider, order, sandboxMode, cancellationToken), cancellationToken);
        }

        // A repeat of a purchase that waits for a page gets one, also where the first try died before it was made.
        if (order is { Status: OrderStatus.Pending, Hosted: true, SavesMethod: true, PaymentUrl: null })
        {
            order = await pages.OpenAsync(order, cancellationToken);
        }

        return await FulfilAsync(order, cancellationToken);
    }

    /// <summary>For a caller other than the order's maker: asks the provider what has become of it, and charges nothing.</summary>
    public async Task<OrderRow> ResumeAsync(OrderRow order, CancellationToken cancellationToken)
    {
        var before = order.Status;
        if (order.Status == OrderStatus.Pending)
        {
            order = await AskAsync(order, cancellationToken);
        }

        order = await FulfilAsync(order, cancellationToken);
        if (order.Status == before)
        {
            await store.PostponeAsync(order.Id, Pause(order.Attempts), cancellationToken);
        }

        return order;
    }

    /// <summary>Gives the credits of a paid order; any other is left as it is.</summary>
    public async Task<OrderRow> FulfilAsync(OrderRow order, CancellationToken cancellationToken)
    {
        if (order.Status != OrderStatus.Paid)
        {
            return order;
        }

        var given = await payout.PayAsync(
            order,
            new DueCredits(order.AccountId, order.Credits, Entry(order)),
            balance => store.SettleAsync(order, OrderStatus.Fulfilled, new OrderFacts(BalanceAfter: balance), cancellationToken),
            why => Task.FromResult(LeftToAPerson(order, why)),
            cancellationToken);
        return given.Row.Status == OrderStatus.Fulfilled ? await FollowAsync(given.Row, cancellationToken) : given.Row;
    }

    public Task<IReadOnlyList<OrderRow>> ListUnfinishedAsync(OrderRow? after, int limit, CancellationToken cancellationToken) =>
        store.ListOpenAsync(after?.Id ?? 0, limit, cancellationToken);

    Task<OrderRow> IUnfinishedRows<OrderRow>.FinishAsync(OrderRow row, CancellationToken cancellationToken) =>
        ResumeAsync(row, cancellationToken);

    private async Task<OrderRow> FollowAsync(OrderRow order, CancellationToken cancellationToken)
    {
        await pages.KeepMethodAsync(order, cancellationToken);
        return await fulfilled.FollowAsync(order, cancellationToken);
    }

    /// <summary>It is paid for, so it stays open: only a person can decide between a refund and making room.</summary>
    private OrderRow LeftToAPerson(OrderRow order, CreditStatus why)
    {
        logger.LogError("Order {Order} is paid and its credits can't be given: {Status}", order.Reference, why);
        return order;
    }

    /// <summary>
    /// What could not be given is not charged. Nor forgotten where it was, before there was no room any more:
    /// then the provider knows of it. A repeat asks first: a provider keeps a reference for a day, and an answer that it failed.
    /// </summary>
    private async Task<PaymentReply> ChargeAsync(
        IPaymentProvider provider, OrderRow order, string? sandboxMode, CancellationToken cancellationToken)
    {
        var age = time.GetUtcNow() - order.CreatedAt;
        if (age > OrderStore.Patience)
        {
            var asked = await provider.FindAsync(order.Lookup, cancellationToken);
            if (asked.Status != PaymentStatus.Unknown || age > Abandoned)
            {
                return asked;
            }
        }

        if (order.SubscriptionId is not null && channels.IsReal(order.Channel))
        {
            return new PaymentReply(
                PaymentStatus.Declined, Detail: "The subscription is none of the payment provider's: subscribe anew to go on with it.");
        }

        if (await store.HasRoomAsync(order, cancellationToken))
        {
            var request = new PaymentRequest(
                order.Reference, order.AccountId, order.PriceCents, order.Currency, order.Description, sandboxMode);
            FaultPoint.Hit("payment-before-call");
            var reply = await provider.ChargeAsync(request, cancellationToken);
            FaultPoint.Hit("payment-after-call");
            return reply;
        }

        var known = await provider.FindAsync(order.Lookup, cancellationToken);
        return known.Status == PaymentStatus.Unknown
            ? new PaymentReply(
                PaymentStatus.Declined, Detail: $"The credits would raise the balance above {CreditBounds.Balance}. Nothing was charged.")
            : known;
    }

    private async Task<OrderRow> AskAsync(OrderRow order, CancellationToken cancellationToken)
    {
        if (order.PriceCents == 0)
        {
            return await store.SettleAsync(order, OrderStatus.Paid, default, cancellationToken);
        }

        if (channels.Find(order.Channel) is not { } provider)
        {
            return order;
        }

        var reply = await provider.FindAsync(order.Lookup, cancellationToken);
        var isAbandoned = reply.Status == PaymentStatus.Unknown && time.GetUtcNow() - order.CreatedAt > Abandoned;
        return await NoteAsync(
            order, isAbandoned ? new PaymentReply(PaymentStatus.Canceled, Detail: "The payment was never started.") : reply,
            cancellationToken);
    }

    private async Task<OrderRow> NoteAsync(OrderRow order, PaymentReply reply, CancellationToken cancellationToken)
    {
        switch (reply.Status)
        {
            case PaymentStatus.Paid:
                return await store.SettleAsync(
                    order, OrderStatus.Paid, new OrderFacts(reply.PaymentId, PaidCents: reply.PaidCents), cancellationToken);
            case PaymentStatus.Declined:
                return await store.SettleAsync(
                    order, OrderStatus.Declined, new OrderFacts(reply.PaymentId, reply.Detail ?? "The payment was declined."),
                    cancellationToken);
            case PaymentStatus.Canceled:
                return await store.SettleAsync(
                    order, OrderStatus.Canceled, new OrderFacts(reply.PaymentId, reply.Detail), cancellationToken);
            case PaymentStatus.Pending:
                await store.NotePaymentAsync(order.Id, reply.PaymentId, null, null, cancellationToken);
                return order with { PaymentId = order.PaymentId ?? reply.PaymentId };
            case PaymentStatus.NeedsCustomer when order.Kind is OrderKind.Package or OrderKind.TopUp:
                return await store.MakeHostedAsync(order, cancellationToken);
            case PaymentStatus.NeedsCustomer:
                return await store.SettleAsync(
                    order, OrderStatus.Declined, new OrderFacts(Refusal: reply.Detail ?? NoMethod),
                    cancellationToken);
            case PaymentStatus.Unknown or PaymentStatus.Unavailable:
                return order;
            default:
                throw new InvalidOperationException($"Unknown payment status {reply.Status}.");
        }
    }

    private static EntryTail Entry(OrderRow order)
    {
        var facts = new OrderMetadata(
            order.Id, order.Kind, order.PackageSlug, order.PackageName, order.PaymentId, order.Channel, order.PriceCents, order.Currency);
        return new EntryTail(
            order.Reference,
            order.Kind == OrderKind.Subscription ? "subscription" : "purchase",
            Description: order.Description,
            Metadata: JsonSerializer.SerializeToElement(facts, WireJson.Options));
    }

    /// <summary>Ten seconds, then twice as long each time: a page that nobody pays on costs one question an hour.</summary>
    private static TimeSpan Pause(int attempts) =>
        TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, OrderStore.Patience.Ticks << Math.Min(attempts, 20)));
}

/// <summary>What the ledger keeps of an order beside its credits.</summary>
internal sealed record OrderMetadata(
    long OrderId, string Kind, string? PackageSlug, string? PackageName, string? PaymentId, string Channel,
    long PriceCents, string Currency);
