using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Operation.Catalog;

/// <summary>A package, as <c>GET /admin/catalog/packages</c> tells it.</summary>
public sealed record OfferInfo(
    long Id, string Slug, string Name, string Description, long Credits, long PriceCents, string Currency, int SortOrder, bool Active);

public sealed record OfferList(IReadOnlyList<OfferInfo> Packages);

/// <summary>A plan, as <c>GET /admin/billing/plans</c> tells it.</summary>
public sealed record PlanDetail(
    string Id, string Slug, string Name, string Description, long PriceMonthly, long? PriceYearly, string Currency, long CreditsIncluded,
    bool Active);

public sealed record CouponInfo(
    long Id, string Code, long Credits, long MaxUses, long Uses, DateTimeOffset? StartsAt, DateTimeOffset? ExpiresAt);

public sealed record CheckInInfo(bool Enabled, long Amount, long StreakBonus, long MaxStreakDays);

/// <param name="Problem">What was wrong with a form, or why something can't be shown.</param>
public sealed record CatalogModel(ApiProblem? Problem)
{
    public IReadOnlyList<OfferInfo> Packages { get; init; } = [];

    public IReadOnlyList<PlanDetail> Plans { get; init; } = [];

    public IReadOnlyList<CouponInfo> Coupons { get; init; } = [];

    public CheckInInfo? CheckIn { get; init; }
}
