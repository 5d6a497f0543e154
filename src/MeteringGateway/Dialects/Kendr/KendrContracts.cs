using MeteringGateway.Accounts.Keys;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Ledger.Reading;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Dialects.Kendr;

internal sealed record KendrDashboard(
    bool Ok,
    KendrUser User,
    IReadOnlyList<KendrPackage> Packages,
    IReadOnlyList<KeyView> ApiKeys,
    IReadOnlyList<KendrPurchase> Purchases,
    IReadOnlyList<KendrEntry> Ledger,
    IReadOnlyList<KendrSurface> Surfaces);

internal sealed record KendrUser(long Id, string Email, string FullName, long CreditBalance);

internal sealed record KendrCatalog(bool Ok, IReadOnlyList<KendrPackage> Packages);

internal sealed record KendrPackage(
    long Id, string Slug, string Name, string Description, long Credits, long PriceCents, string Currency, int SortOrder)
{
    public static KendrPackage Of(PackageRow row) =>
        new(row.Id, row.Slug, row.Name, row.Description, row.Credits, row.PriceCents, row.Currency, row.SortOrder);
}

internal sealed record KendrPurchase(
    long Id, string ExternalReference, string Kind, string? PackageSlug, string? PackageName, long Credits, long PriceCents,
    string Currency, string Status, string CreatedAt)
{
    public static KendrPurchase Of(Purchase purchase) => new(
        purchase.Id, purchase.ExternalReference, purchase.Kind, purchase.PackageSlug, purchase.PackageName,
        purchase.Credits, purchase.PriceCents,
        purchase.Currency, purchase.Status, WireMoment.Seconds(purchase.CreatedAt));
}

internal sealed record KendrEntry(
    string Id, long CreditsDelta, long BalanceAfter, string EntryType, string? Surface, string? Provider,
    string? Description, string CreatedAt)
{
    public static KendrEntry Of(LedgerEntry entry) => new(
        entry.EntryId, entry.CreditsDelta, entry.BalanceAfter, EntryNames.Of(entry.EntryType, entry.CreditsDelta).Kendr,
        entry.Surface, entry.Provider, entry.Description, WireMoment.Seconds(entry.OccurredAt));
}

/// <summary>A surface and its price; of the price's fields only those are set that its kind has.</summary>
internal sealed record KendrSurface(string Slug, string Name, string? Description, KendrPrice Price)
{
    public static KendrSurface Of(Surface surface) => new(surface.Slug, surface.Name, surface.Description, surface.Price switch
    {
        FlatPrice flat => new KendrPrice(flat.Credits, null, null, null, null, null, null),
        OptionPrice { By: null } counted => new KendrPrice(counted.Credits[""], counted.Per, null, null, null, null, null),
        OptionPrice option => new KendrPrice(
            null, option.Per, option.By, option.Credits.OrderBy(one => one.Key, StringComparer.Ordinal).ToDictionary(), null, null, null),
        UsagePrice usage => Of(usage),
        _ => throw new InvalidOperationException($"Unknown price {surface.Price.GetType().Name}."),
    });

    /// <summary>One field at a rate for a thousand has a place here; of another price by usage what chooses and the most show.</summary>
    private static KendrPrice Of(UsagePrice usage)
    {
        var most = usage.Rates.Values.Max(rates => rates.MaxCredits);
        return usage is { By: null } && usage.Rates[""] is { Per: 1000, Fields: [var field] }
            ? new KendrPrice(null, null, null, null, field.Name, field.Rate, most)
            : new KendrPrice(null, null, usage.By, null, null, null, most);
    }
}

internal sealed record KendrPrice(
    long? Credits, string? Per, string? By, IReadOnlyDictionary<string, long>? CreditsByOption, string? Usage,
    long? CreditsPerThousand, long? MaxCredits);

/// <summary>The package as it was bought; its later changes show in the catalog only.</summary>
internal sealed record KendrSoldPackage(long Id, string Slug, string Name, long Credits, long PriceCents, string Currency)
{
    public static KendrSoldPackage Of(OrderRow order) =>
        new(order.PackageId ?? 0, order.PackageSlug ?? "", order.PackageName ?? "", order.Credits, order.PriceCents, order.Currency);
}

internal sealed record KendrReceipt(bool Ok, long PurchaseId, long BalanceAfter, KendrSoldPackage Package, string CreatedAt);

/// <summary>A purchase whose credits are not there yet: its payment is on the way, or Redis is away. Nothing need be sent again.</summary>
internal sealed record KendrPendingReceipt(
    bool Ok, long PurchaseId, string Status, long? BalanceAfter, KendrSoldPackage Package, string CreatedAt);
