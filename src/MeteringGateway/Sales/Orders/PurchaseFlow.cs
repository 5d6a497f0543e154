using MeteringGateway.Calls.Pricing;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Payments;

namespace MeteringGateway.Sales.Orders;

/// <summary>How something is bought.</summary>
/// <param name="IdempotencyKey">The client's, 1 to 255 visible characters; null for none.</param>
/// <param name="SandboxMode">See <see cref="Payments.Sandbox.SandboxMode.TryRead"/>.</param>
/// <param name="Channel">Null: <see cref="PaymentChannels.Default"/>.</param>
/// <param name="PersonId">The person that buys; null: the account itself.</param>
internal readonly record struct PurchaseTerms(
    string? IdempotencyKey = null, string? SandboxMode = null, string? Channel = null, long? PersonId = null);

/// <summary>Buys packages and amounts for an account, charged to what it has on file.</summary>
internal sealed class PurchaseFlow(
    AccountStatus statuses, CatalogStore catalog, OrderFlow flow, PaymentChannels channels, CreditPrice price)
{
    /// <summary>The least that a card payment is worth its fee for, and what the published APIs say.</summary>
    public const long LeastTopUpCents = 100;

    /// <summary>Ten million dollars: beyond it a mistake is likelier than a purchase.</summary>
    public const long MostTopUpCents = 1_000_000_000;

    /// <summary>Buys a package by number, slug, or both. One that is off sale is not there.</summary>
    public async Task<OrderReply> BuyPackageAsync(
        long accountId, long? packageId, string? packageSlug, PurchaseTerms terms, CancellationToken cancellationToken)
    {
        if (await RefusalAsync(accountId, cancellationToken) is { } refusal)
        {
            return new OrderReply(refusal);
        }

        // A repeat names its package as it was: one taken off sale since then still answers with its order.
        var package = await catalog.FindPackageAsync(packageId, packageSlug, cancellationToken);
        var order = package is null
            ? null
            : OrderOf(package, accountId, terms) with { RequestHash = NewOrder.HashOf(OrderKind.Package, package.Id) };
        if (order is not null && await flow.FindRepeatAsync(order, cancellationToken) is not null)
        {
            return await flow.PlaceAsync(order, terms.SandboxMode, cancellationToken);
        }

        // What can't be bought need not be named rightly: a shop that is closed says so whatever is asked for.
        return channels.Find(terms.Channel ?? channels.Default) is null ? new OrderReply(OrderOutcome.ChannelDisabled)
            : order is null || !package!.Active ? new OrderReply(OrderOutcome.UnknownPackage)
            : await flow.PlaceAsync(order, terms.SandboxMode, cancellationToken);
    }

    /// <summary>
    /// Turns <paramref name="cents"/> US cents into credits, rounded down; what does not make a whole credit is not charged.
    /// </summary>
    public async Task<OrderReply> TopUpAsync(long accountId, long cents, PurchaseTerms terms, CancellationToken cancellationToken)
    {
        if (TopUpOf(accountId, cents, OrderKind.TopUp, "Credit top-up", terms) is not { } order)
        {
            return new OrderReply(OrderOutcome.AmountOutOfRange);
        }

        return await RefusalAsync(accountId, cancellationToken) is { } refusal
            ? new OrderReply(refusal)
            : await flow.PlaceAsync(order, terms.SandboxMode, cancellationToken);
    }

    /// <summary>Null: too little for a credit, or too much for one order.</summary>
    public NewOrder? TopUpOf(long accountId, long cents, string kind, string description, PurchaseTerms terms)
    {
        var credits = cents is >= LeastTopUpCents and <= MostTopUpCents ? price.CreditsFor(cents) : 0;
        return credits is < 1 or > CreditBounds.Call ? null : new NewOrder
        {
            AccountId = accountId,
            Kind = kind,
            Credits = credits,
            PriceCents = price.PriceOf(credits),
            Currency = Calls.Pricing.Currency.Dollar,
            Description = description,
            Channel = terms.Channel ?? channels.Default,
            IdempotencyKey = terms.IdempotencyKey,
            RequestHash = NewOrder.HashOf(kind, cents),
        };
    }

    /// <summary>An order for a package, without what was asked for.</summary>
    public NewOrder OrderOf(PackageRow package, long accountId, PurchaseTerms terms) => new()
    {
        AccountId = accountId,
        Kind = OrderKind.Package,
        Credits = package.Credits,
        PriceCents = package.PriceCents,
        Currency = package.Currency,
        Description = "Package " + package.Name,
        PackageId = package.Id,
        PackageSlug = package.Slug,
        PackageName = package.Name,
        Channel = terms.Channel ?? channels.Default,
        PersonId = terms.PersonId,
        IdempotencyKey = terms.IdempotencyKey,
    };

    /// <summary>Null: the account may buy.</summary>
    public async Task<OrderOutcome?> RefusalAsync(long accountId, CancellationToken cancellationToken)
    {
        return await statuses.OfAsync(accountId, cancellationToken) switch
        {
            AccountStatus.Active => null,
            null => OrderOutcome.UnknownAccount,
            _ => OrderOutcome.AccountSuspended,
        };
    }
}
