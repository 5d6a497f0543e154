using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Dialects.Kendr;

/// <summary>The document <c>000</c>: one call for everything a customer sees, the public catalog, and buying a package.</summary>
internal static class KendrEndpoints
{
    public static IEndpointRouteBuilder MapKendr(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/catalog", CatalogAsync);
        var mine = app.MapGroup("/api/me").RequireAccount();
        mine.MapGet("/dashboard", DashboardAsync);
        mine.MapGroup("").RequireMoneyRole().MapPost("/purchases", (HttpContext context, KendrPurchases purchases) =>
            purchases.BuyAsync(context));
        return app;
    }

    private static async Task<Ok<KendrCatalog>> CatalogAsync(CatalogStore catalog, CancellationToken cancellationToken) =>
        WireJson.Ok(
            new KendrCatalog(true, [.. (await catalog.PackagesAsync(includeInactive: false, cancellationToken)).Select(KendrPackage.Of)]));

    private static async Task<Ok<KendrDashboard>> DashboardAsync(HttpContext context, KendrDashboardReader reader) =>
        WireJson.Ok(await reader.ReadAsync(AccountIdentity.Of(context), context.RequestAborted));
}
