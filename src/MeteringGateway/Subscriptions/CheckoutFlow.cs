using MeteringGateway.Catalog;
using MeteringGateway.Orders;
using MeteringGateway.Payments;

namespace MeteringGateway.Subscriptions;

/// <param name="Channel">One of <see cref="PaymentChannels.Names"/>.</param>
/// <param name="SuccessUrl">Absolute, http or https; see <see cref="CheckoutFlow.IsReturnUrl"/>.</param>
/// <param name="CancelUrl">Likewise.</param>
/// <param name="GatewayUrl">How the client reached the gateway: scheme, host and path base, without a slash at the end.</param>
/// <param name="SandboxMode">What the sandbox is to do.</param>
internal sealed record CheckoutTerms(string Channel, string SuccessUrl, string CancelUrl, string GatewayUrl, string? SandboxMode = null);

/// <summary>Sells on a page of the payment provider: the order is made, the customer sent there, and credits come when it is paid.</summary>
internal sealed class CheckoutFlow(CatalogStore catalog, PurchaseFlow purchases, OrderStore orders, OrderFlow flow, SubscriptionStore subscriptions, PaymentChannels channels)
{
    /// <summary>Nothing but a page of the web: a customer is sent there.</summary>
    public static bool IsReturnUrl(string? text) =>
        text is { Length: <= 2000 } && !text.Any(char.IsControl) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0;

    /// <summary>A session for a package. Where <see cref="OrderReply.Order"/> has a payment url, the customer goes there.</summary>
    public async Task<OrderReply> SellPackageAsync(long accountId, long? packageId, string? packageSlug, CheckoutTerms terms, CancellationToken cancellationToken)
    {
        if (await RefusalAsync(accountId, terms, cancellationToken) is { } refusal)
        {
            return new OrderReply(refusal);
        }

        if (await catalog.FindPackageAsync(packageId, packageSlug, cancellationToken) is not { Active: true } package)
        {
            return new OrderReply(OrderOutcome.UnknownPackage);
        }

        var wanted = purchases.OrderOf(package, accountId, new PurchaseTerms(Channel: terms.Channel)) with { Hosted = true };
        var (order, _) = await orders.OpenAsync(wanted, cancellationToken);
        return await OpenPageAsync(order, null, terms);
    }

    /// <param name="accountId">Who subscribes.</param>
    /// <param name="planId">Of a plan that is on sale.</param>
    /// <param name="billing"><see cref="SubscriptionRow.Monthly"/> or <see cref="SubscriptionRow.Yearly"/>.</param>
    /// <param name="terms">Where it is paid.</param>
    /// <param name="cancellationToken">The client's.</param>
    public async Task<OrderReply> SubscribeAsync(long accountId, string planId, string billing, CheckoutTerms terms, CancellationToken cancellationToken)
    {
        if (await RefusalAsync(accountId, terms, cancellationToken) is { } refusal)
        {
            return new OrderReply(refusal);
        }

        if (await catalog.FindPlanAsync(planId, cancellationToken) is not { Active: true } plan)
        {
            return new OrderReply(OrderOutcome.UnknownPlan);
        }

        var product = ProductOf(plan, billing, terms.Channel);
        var isStandIn = channels.Find(terms.Channel)!.Channel == PaymentChannels.Sandbox;
        if (SubscriptionOrders.PriceOf(plan, billing, 0) is null || (product is null && (terms.Channel == PaymentChannels.Creem || !isStandIn)))
        {
            return new OrderReply(OrderOutcome.PlanNotSold);
        }

        var current = await subscriptions.FindCurrentAsync(accountId, cancellationToken);
        if (current is { Status: SubscriptionRow.Active } && current.PlanId == plan.Id && current.Billing == billing)
        {
            return new OrderReply(OrderOutcome.AlreadySubscribed);
        }

        var order = await subscriptions.OpenAsync(accountId, plan, terms.Channel, billing, cancellationToken);
        return await OpenPageAsync(order, product, terms);
    }

    /// <summary>A page on which the customer manages the subscription; null where the provider can't make one now.</summary>
    public async Task<string?> OpenPortalAsync(long accountId, string returnUrl, string gatewayUrl, CancellationToken cancellationToken)
    {
        var current = await subscriptions.FindCurrentAsync(accountId, cancellationToken);
        return channels.Find(current?.Channel ?? channels.Default) is { } provider
            ? await provider.PortalAsync(new PortalRequest(accountId, returnUrl, gatewayUrl), cancellationToken)
            : null;
    }

    private async Task<OrderOutcome?> RefusalAsync(long accountId, CheckoutTerms terms, CancellationToken cancellationToken) =>
        channels.Find(terms.Channel) is null ? OrderOutcome.ChannelDisabled : await purchases.RefusalAsync(accountId, cancellationToken);

    // From here on without the client's token: the order is recorded, and the page may be made already.
    private async Task<OrderReply> OpenPageAsync(OrderRow order, string? product, CheckoutTerms terms)
    {
        if (order.PriceCents == 0)
        {
            return new OrderReply(await flow.AdvanceAsync(order, null, CancellationToken.None), isReplay: false);
        }

        var payment = new PaymentRequest(order.Reference, order.AccountId, order.PriceCents, order.Currency, order.Description, terms.SandboxMode);
        var request = new CheckoutRequest(payment, terms.SuccessUrl, terms.CancelUrl, terms.GatewayUrl, product);
        var page = await channels.Find(order.Channel)!.CheckoutAsync(request, CancellationToken.None);
        if (page.Url is null)
        {
            return new OrderReply(OrderOutcome.PaymentUnavailable, order);
        }

        await orders.NotePaymentAsync(order.Id, page.PaymentId, page.Url, CancellationToken.None);
        return new OrderReply(order with { PaymentId = page.PaymentId, PaymentUrl = page.Url }, isReplay: false);
    }

    private static string? ProductOf(PlanRow plan, string billing, string channel) => channel switch
    {
        PaymentChannels.Stripe => billing == SubscriptionRow.Yearly ? plan.StripePriceYearly : plan.StripePriceMonthly,
        PaymentChannels.Creem => plan.CreemProductId,
        _ => null,
    };
}
