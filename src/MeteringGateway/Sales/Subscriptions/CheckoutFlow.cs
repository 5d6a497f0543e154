using System.Globalization;
using System.Security.Cryptography;
using MeteringGateway.Ledger.Background;
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

/// <summary>A page to save a payment method on; null where there is none, and the outcome says why.</summary>
internal readonly record struct SetupReply(OrderOutcome Outcome, string? Url);

/// <summary>
/// Sells on a page of the payment provider: the order is made, the customer sent there, and credits come when it is paid.
/// </summary>
internal sealed class CheckoutFlow(
    CatalogStore catalog, PurchaseFlow purchases, OrderStore orders, OrderFlow flow, SubscriptionStore subscriptions,
    SubscriptionEndings endings, PaymentChannels channels)
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
        if (await FindRepeatAsync(accountId, hash, default, terms, cancellationToken) is { } repeat)
        {
            return repeat;
        }

        if (channels.Find(terms.Channel) is null || package is not { Active: true })
        {
            return new OrderReply(channels.Find(terms.Channel) is null ? OrderOutcome.ChannelDisabled : OrderOutcome.UnknownPackage);
        }

        var bought = new PurchaseTerms(terms.IdempotencyKey, Channel: terms.Channel, PersonId: terms.PersonId);
        var wanted = purchases.OrderOf(package, accountId, bought) with { Hosted = true, RequestHash = hash };
        return await SellAsync(wanted, terms, cancellationToken);
    }

    /// <summary>A session for an amount: what of it becomes whole credits is charged.</summary>
    public async Task<OrderReply> SellTopUpAsync(long accountId, long cents, CheckoutTerms terms, CancellationToken cancellationToken)
    {
        var bought = new PurchaseTerms(terms.IdempotencyKey, Channel: terms.Channel, PersonId: terms.PersonId);
        if (purchases.TopUpOf(accountId, cents, OrderKind.TopUp, "Credit top-up", bought) is not { } topUp)
        {
            return new OrderReply(OrderOutcome.AmountOutOfRange);
        }

        if (await purchases.RefusalAsync(accountId, cancellationToken) is { } refusal)
        {
            return new OrderReply(refusal);
        }

        var hash = NewOrder.HashOf("session", OrderKind.TopUp, cents, terms.Channel, terms.SuccessUrl, terms.CancelUrl);
        return await FindRepeatAsync(accountId, hash, default, terms, cancellationToken)
            ?? (channels.Find(terms.Channel) is null
                ? new OrderReply(OrderOutcome.ChannelDisabled)
                : await SellAsync(topUp with { Hosted = true, RequestHash = hash }, terms, cancellationToken));
    }

    /// <summary>A page on which a payment method is saved and nothing is paid.</summary>
    public async Task<SetupReply> SetUpAsync(long accountId, CheckoutTerms terms, CancellationToken cancellationToken)
    {
        if (await purchases.RefusalAsync(accountId, cancellationToken) is { } refusal)
        {
            return new SetupReply(refusal, null);
        }

        if (channels.Find(terms.Channel) is not { } provider)
        {
            return new SetupReply(OrderOutcome.ChannelDisabled, null);
        }

        if (provider is not IMethodProvider methods)
        {
            return new SetupReply(OrderOutcome.NoMethodsKept, null);
        }

        // A repeat under the same key, for the same addresses, gets the same page.
        var name = terms.IdempotencyKey is null
            ? RandomNumberGenerator.GetHexString(32, lowercase: true)
            : NewOrder.HashOf("session", "setup", terms.IdempotencyKey, terms.Channel, terms.SuccessUrl, terms.CancelUrl)[..32];
        var request = new SetupRequest(
            accountId, string.Create(CultureInfo.InvariantCulture, $"setup:{accountId}:{name}"), terms.SuccessUrl, terms.CancelUrl,
            terms.GatewayUrl);
        return await methods.SetUpAsync(request, cancellationToken) is { } url
            ? new SetupReply(OrderOutcome.Pending, url)
            : new SetupReply(OrderOutcome.PaymentUnavailable, null);
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
        var sold = new SoldPlan(product, plan is null ? null : new RecurringTerms(billing, "", plan.Name));
        if (await FindRepeatAsync(accountId, hash, sold, terms, cancellationToken) is { } repeat)
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
        if (await ChangeAsync(current, plan, billing, terms.Channel, cancellationToken) is { } changed)
        {
            return new OrderReply(changed);
        }

        // Two at once with one key: the second finds nothing of its own made, and the first one's order.
        var key = terms.IdempotencyKey;
        return await subscriptions.OpenAsync(
            accountId, plan, terms.Channel, billing, key, hash, terms.PersonId ?? accountId, cancellationToken) is { } order
            ? await OpenPageAsync(order, sold, terms)
            : await FindRepeatAsync(accountId, hash, sold, terms, cancellationToken)
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

    /// <summary>
    /// What becomes of the subscription that runs. Null: another one begins, which its first payment starts. What a provider charges by
    /// itself is not changed there: the new one begins with its payment, and the old one runs to the end of what is paid.
    /// </summary>
    private async Task<OrderOutcome?> ChangeAsync(
        SubscriptionRow? current, PlanRow plan, string billing, string channel, CancellationToken cancellationToken)
    {
        if (current?.ProviderId is not null || channels.IsReal(channel))
        {
            if (current is not { Status: SubscriptionRow.Active } || current.PlanId != plan.Id || current.Billing != billing)
            {
                return null;
            }

            if (!current.CancelAtPeriodEnd)
            {
                return OrderOutcome.AlreadySubscribed;
            }

            // One that is over at the provider begins anew.
            if (!await subscriptions.KeepAsync(current.Id, cancellationToken))
            {
                return null;
            }

            await endings.TellAsync(current.AccountId, CancellationToken.None);
            return OrderOutcome.Scheduled;
        }

        var isFree = current is { Status: SubscriptionRow.Active }
            && current.PlanId != plan.Id && await IsFreeAsync(current, cancellationToken);
        return SubscriptionOrders.ChangeTo(current, isFree, plan.Id, billing) switch
        {
            PlanChange.None => OrderOutcome.AlreadySubscribed,
            PlanChange.AfterWhatIsPaid => await subscriptions.ScheduleAsync(current!.Id, plan.Id, billing, channel, cancellationToken)
                ? OrderOutcome.Scheduled
                : OrderOutcome.AlreadySubscribed,
            _ => null,
        };
    }

    private async Task<bool> IsFreeAsync(SubscriptionRow current, CancellationToken cancellationToken) =>
        await catalog.FindPlanAsync(current.PlanId, cancellationToken) is { } plan
        && SubscriptionOrders.PriceOf(plan, current.Billing, 0) == 0;

    /// <summary>What the session's first request made; null where there was none.</summary>
    private async Task<OrderReply?> FindRepeatAsync(
        long accountId, string hash, SoldPlan sold, CheckoutTerms terms, CancellationToken cancellationToken) =>
        terms.IdempotencyKey is { } key && await orders.FindByKeyAsync(accountId, key, cancellationToken) is { } first
            ? await RepeatAsync(first, hash, sold, terms)
            : null;

    /// <summary>
    /// The same order and the same page, whatever has become of it since. Where the first request died before it had one, it is made now.
    /// </summary>
    private async Task<OrderReply> RepeatAsync(OrderRow first, string hash, SoldPlan sold, CheckoutTerms terms)
    {
        if (first.RequestHash != hash)
        {
            return new OrderReply(OrderOutcome.Mismatch, first);
        }

        if (first.PaymentUrl is null && first.Status == OrderStatus.Pending && channels.Find(first.Channel) is not null
            && (first.SubscriptionId is null || sold.Terms is not null))
        {
            return await OpenPageAsync(first, sold, terms) with { IsReplay = true };
        }

        return first.PaymentUrl is null
            ? new OrderReply(first, isReplay: true)
            : new OrderReply(OrderOutcome.Pending, first, IsReplay: true);
    }

    // From here on without the client's token: the order is recorded, and the page may be made already.
    private async Task<OrderReply> OpenPageAsync(OrderRow order, SoldPlan sold, CheckoutTerms terms)
    {
        if (order.PriceCents == 0)
        {
            return new OrderReply(await flow.AdvanceAsync(order, null, CancellationToken.None), isReplay: false);
        }

        var payment = new PaymentRequest(
            order.Reference, order.AccountId, order.PriceCents, order.Currency, order.Description, terms.SandboxMode);
        var request = new CheckoutRequest(
            payment, terms.SuccessUrl, terms.CancelUrl, terms.GatewayUrl, order.CreatedAt, sold.ProductId,
            order.SubscriptionId is { } id ? sold.Terms! with { Reference = SubscriptionRow.ReferenceOf(id) } : null);
        FaultPoint.Hit("payment-before-call");
        var page = await channels.Find(order.Channel)!.CheckoutAsync(request, CancellationToken.None);
        FaultPoint.Hit("payment-after-call");
        if (page.Url is null)
        {
            return new OrderReply(OrderOutcome.PaymentUnavailable, order);
        }

        await orders.NotePaymentAsync(order.Id, page.PaymentId, page.CheckoutId, page.Url, CancellationToken.None);
        // Of two pages that were made at once the first stays, and both are sent there.
        var noted = await orders.FindAsync(order.Id, null, CancellationToken.None);
        return new OrderReply(OrderOutcome.Pending, noted ?? order with { PaymentId = page.PaymentId, PaymentUrl = page.Url });
    }

    private async Task<OrderReply> SellAsync(NewOrder wanted, CheckoutTerms terms, CancellationToken cancellationToken)
    {
        var (order, isNew) = await orders.OpenAsync(wanted, cancellationToken);
        return order is null ? new OrderReply(wanted.PriceCents == 0 ? OrderOutcome.FreeTaken : OrderOutcome.BalanceTooLarge)
            : isNew ? await OpenPageAsync(order, default, terms)
            : await RepeatAsync(order, wanted.RequestHash!, default, terms);
    }

    /// <summary>What a plan is sold as; of anything else both are null.</summary>
    private readonly record struct SoldPlan(string? ProductId, RecurringTerms? Terms);
}
