using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;

namespace MeteringGateway.Sales.Subscriptions;

/// <param name="Channel">One of <see cref="PaymentChannels.Names"/>.</param>
/// <param name="SuccessUrl">Absolute, http or https; see <see cref="CheckoutFlow.IsReturnUrl"/>.</param>
/// <param name="CancelUrl">Likewise.</param>
/// <param name="GatewayUrl">How customers reach this gateway (<c>PublicUrl</c>), without a slash at the end.</param>
/// <param name="SandboxMode">What the sandbox is to do.</param>
/// <param name="IdempotencyKey">The client's; null for none.</param>
/// <param name="PersonId">The person that orders; null: the account itself.</param>
internal sealed record CheckoutTerms(
    string Channel, string SuccessUrl, string CancelUrl, string GatewayUrl, string? SandboxMode = null,
    string? IdempotencyKey = null, long? PersonId = null);

/// <summary>
/// Sells on a page of the payment provider: the order is made, the customer sent there, and credits come when it is paid.
/// </summary>
internal sealed class CheckoutFlow(
    CatalogStore catalog, PurchaseFlow purchases, OrderStore orders, OrderFlow flow, SubscriptionStore subscriptions,
    PaymentChannels channels)
{
    /// <summary>Nothing but a page of the web: a customer is sent there.</summary>
    public static bool IsReturnUrl(string? text) => ReturnUrl.IsOne(text);

    /// <summary>A session for a package. Where <see cref="OrderReply.Order"/> has a payment url, the customer goes there.</summary>
    public async Task<OrderReply> SellPackageAsync(
        long accountId, long? packageId, string? packageSlug, CheckoutTerms terms, CancellationToken cancellationToken)
    {
        if (await purchases.RefusalAsync(accountId, cancellationToken) is { } refusal)
        {
            return new OrderReply(refusal);
        }

        var package = await catalog.FindPackageAsync(packageId, packageSlug, cancellationToken);
        var hash = NewOrder.HashOf("session", OrderKind.Package, package?.Id, terms.Channel, terms.SuccessUrl, terms.CancelUrl);
        if (await FindRepeatAsync(accountId, hash, null, terms, cancellationToken) is { } repeat)
        {
            return repeat;
        }

        if (channels.Find(terms.Channel) is null || package is not { Active: true })
        {
            return new OrderReply(channels.Find(terms.Channel) is null ? OrderOutcome.ChannelDisabled : OrderOutcome.UnknownPackage);
        }

        var bought = new PurchaseTerms(terms.IdempotencyKey, Channel: terms.Channel, PersonId: terms.PersonId);
        var wanted = purchases.OrderOf(package, accountId, bought) with { Hosted = true, RequestHash = hash };
        var (order, isNew) = await orders.OpenAsync(wanted, cancellationToken);
        return order is null ? new OrderReply(wanted.PriceCents == 0 ? OrderOutcome.FreeTaken : OrderOutcome.BalanceTooLarge)
            : isNew ? await OpenPageAsync(order, null, terms)
            : await RepeatAsync(order, hash, null, terms);
    }

    /// <param name="accountId">The account that subscribes.</param>
    /// <param name="planId">Of a plan that is on sale.</param>
    /// <param name="billing"><see cref="SubscriptionRow.Monthly"/> or <see cref="SubscriptionRow.Yearly"/>.</param>
    /// <param name="terms">Where it is paid.</param>
    /// <param name="cancellationToken">The client's.</param>
    public async Task<OrderReply> SubscribeAsync(
        long accountId, string planId, string billing, CheckoutTerms terms, CancellationToken cancellationToken)
    {
        if (await purchases.RefusalAsync(accountId, cancellationToken) is { } refusal)
        {
            return new OrderReply(refusal);
        }

        var hash = NewOrder.HashOf("session", OrderKind.Subscription, planId, billing, terms.Channel, terms.SuccessUrl, terms.CancelUrl);
        var plan = await catalog.FindPlanAsync(planId, cancellationToken);
        var product = plan?.ProductFor(terms.Channel, billing);
        if (await FindRepeatAsync(accountId, hash, product, terms, cancellationToken) is { } repeat)
        {
            return repeat;
        }

        if (channels.Find(terms.Channel) is null || plan is not { Active: true })
        {
            return new OrderReply(channels.Find(terms.Channel) is null ? OrderOutcome.ChannelDisabled : OrderOutcome.UnknownPlan);
        }

        if (SubscriptionOrders.PriceOf(plan, billing, 0) is null || (product is null && channels.NeedsProduct(terms.Channel)))
        {
            return new OrderReply(OrderOutcome.PlanNotSold);
        }

        var current = await subscriptions.FindCurrentAsync(accountId, cancellationToken);
        var isFree = current is { Status: SubscriptionRow.Active }
            && current.PlanId != plan.Id && await IsFreeAsync(current, cancellationToken);
        switch (SubscriptionOrders.ChangeTo(current, isFree, plan.Id, billing))
        {
            case PlanChange.None:
                return new OrderReply(OrderOutcome.AlreadySubscribed);
            case PlanChange.AfterWhatIsPaid:
                return await subscriptions.ScheduleAsync(current!.Id, plan.Id, billing, terms.Channel, cancellationToken)
                    ? new OrderReply(OrderOutcome.Scheduled)
                    : new OrderReply(OrderOutcome.AlreadySubscribed);
            case PlanChange.Begins:
            default:
                break;
        }

        // Two at once with one key: the second finds nothing of its own made, and the first one's order.
        var key = terms.IdempotencyKey;
        return await subscriptions.OpenAsync(
            accountId, plan, terms.Channel, billing, key, hash, terms.PersonId ?? accountId, cancellationToken) is { } order
            ? await OpenPageAsync(order, product, terms)
            : await FindRepeatAsync(accountId, hash, product, terms, cancellationToken)
                ?? new OrderReply(
                    SubscriptionOrders.PriceOf(plan, billing, 0) == 0 ? OrderOutcome.FreeTaken : OrderOutcome.BalanceTooLarge);
    }

    /// <summary>A page on which the customer manages the subscription; null where the provider can't make one now.</summary>
    public async Task<string?> OpenPortalAsync(long accountId, string returnUrl, string gatewayUrl, CancellationToken cancellationToken)
    {
        var current = await subscriptions.FindCurrentAsync(accountId, cancellationToken);
        return channels.Find(current?.Channel ?? channels.Default) is { } provider
            ? await provider.PortalAsync(new PortalRequest(accountId, returnUrl, gatewayUrl), cancellationToken)
            : null;
    }

    private async Task<bool> IsFreeAsync(SubscriptionRow current, CancellationToken cancellationToken) =>
        await catalog.FindPlanAsync(current.PlanId, cancellationToken) is { } plan
        && SubscriptionOrders.PriceOf(plan, current.Billing, 0) == 0;

    /// <summary>What the session's first request made; null where there was none.</summary>
    private async Task<OrderReply?> FindRepeatAsync(
        long accountId, string hash, string? product, CheckoutTerms terms, CancellationToken cancellationToken) =>
        terms.IdempotencyKey is { } key && await orders.FindByKeyAsync(accountId, key, cancellationToken) is { } first
            ? await RepeatAsync(first, hash, product, terms)
            : null;

    /// <summary>
    /// The same order and the same page, whatever has become of it since. Where the first request died before it had one, it is made now.
    /// </summary>
    private async Task<OrderReply> RepeatAsync(OrderRow first, string hash, string? product, CheckoutTerms terms)
    {
        if (first.RequestHash != hash)
        {
            return new OrderReply(OrderOutcome.Mismatch, first);
        }

        if (first.PaymentUrl is null && first.Status == OrderStatus.Pending && channels.Find(first.Channel) is not null)
        {
            return await OpenPageAsync(first, product, terms) with { IsReplay = true };
        }

        return first.PaymentUrl is null
            ? new OrderReply(first, isReplay: true)
            : new OrderReply(OrderOutcome.Pending, first, IsReplay: true);
    }

    // From here on without the client's token: the order is recorded, and the page may be made already.
    private async Task<OrderReply> OpenPageAsync(OrderRow order, string? product, CheckoutTerms terms)
    {
        if (order.PriceCents == 0)
        {
            return new OrderReply(await flow.AdvanceAsync(order, null, CancellationToken.None), isReplay: false);
        }

        var payment = new PaymentRequest(
            order.Reference, order.AccountId, order.PriceCents, order.Currency, order.Description, terms.SandboxMode);
        var request = new CheckoutRequest(
            payment, terms.SuccessUrl, terms.CancelUrl, terms.GatewayUrl, order.CreatedAt, product);
        var page = await channels.Find(order.Channel)!.CheckoutAsync(request, CancellationToken.None);
        if (page.Url is null)
        {
            return new OrderReply(OrderOutcome.PaymentUnavailable, order);
        }

        await orders.NotePaymentAsync(order.Id, page.PaymentId, page.CheckoutId, page.Url, CancellationToken.None);
        return new OrderReply(order with { PaymentId = page.PaymentId, PaymentUrl = page.Url }, isReplay: false);
    }
}
