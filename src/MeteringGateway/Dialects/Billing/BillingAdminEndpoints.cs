using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Accounts.LedgerOperations;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Rewards;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Dialects.Billing;

/// <summary>The document <c>002</c>, the operator's side.</summary>
internal static class BillingAdminEndpoints
{
    /// <summary>On the operator's group.</summary>
    public static IEndpointRouteBuilder MapBillingAdmin(this IEndpointRouteBuilder admin)
    {
        var billing = admin.MapGroup("").WithBillingErrors();
        billing.MapGet("/billing/plans", PlansAsync);
        billing.MapPost("/billing/plans", AddPlanAsync);
        billing.MapPut("/billing/plans/{id}", ChangePlanAsync);
        billing.MapGet("/billing/coupons", CouponsAsync);
        billing.MapPost("/billing/coupons", AddCouponAsync);
        billing.MapGet("/checkin/config", ConfigAsync);
        billing.MapPut("/checkin/config", ChangeConfigAsync);

        // Two calls that the contract has as well: one answer with the members of both.
        billing.MapGroup("").WithBillingMembers().MapManualCredits().MapTransactions(BillingMembers.TypeNames);
        return admin;
    }

    private static async Task<Ok<BillingAnswer<IReadOnlyList<PlanRow>>>> PlansAsync(
        CatalogStore catalog, SaleWarnings warnings, CancellationToken cancellationToken) =>
        WireJson.Ok(Answer<IReadOnlyList<PlanRow>>(
            [.. (await catalog.PlansAsync(includeInactive: true, cancellationToken)).Select(warnings.WithWarnings)]));

    private static async Task<Results<Created<BillingAnswer<PlanRow>>, Problem>> AddPlanAsync(
        RequestFields fields, HttpContext context, CatalogEditor editor, SaleWarnings warnings)
    {
        if (CatalogFields.Plan(fields, null) is not { } wanted)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        var change = await editor.AddAsync(CatalogEditor.Plans, wanted, Caller.Of(context), context.RequestAborted);
        return change.Row is { } made ? WireJson.Created(Answer(warnings.WithWarnings(made))) : SlugTaken;
    }

    private static async Task<Results<Ok<BillingAnswer<PlanRow>>, Problem>> ChangePlanAsync(
        string id, RequestFields fields, HttpContext context, CatalogEditor editor, SaleWarnings warnings)
    {
        var change = await editor.ChangeAsync(
            CatalogEditor.Plans, id, current => CatalogFields.Plan(fields, current), Caller.Of(context), context.RequestAborted);
        return change.Status switch
        {
            CatalogStatus.Done => WireJson.Ok(Answer(warnings.WithWarnings(change.Row!))),
            CatalogStatus.NotFound => Problem.Of(ErrorCode.NotFound, "There is no such plan."),
            CatalogStatus.Refused => Problem.InvalidRequest(fields.Errors),
            CatalogStatus.SlugTaken => SlugTaken,
            _ => throw new InvalidOperationException($"Unknown status {change.Status}."),
        };
    }

    private static async Task<Results<Ok<BillingAnswer<IReadOnlyList<CouponRow>>>, Problem>> CouponsAsync(
        HttpRequest request, CouponStore coupons, CancellationToken cancellationToken)
    {
        var (page, problem) = Page.Read(request.Query);
        return problem is not null ? problem : WireJson.Ok(Answer((await coupons.ListAsync(page, cancellationToken)).Coupons));
    }

    private static async Task<Results<Created<BillingAnswer<CouponRow>>, Problem>> AddCouponAsync(
        RequestFields fields, HttpContext context, CouponStore coupons)
    {
        if (NewCoupon.Read(fields) is not { } wanted)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        return await coupons.CreateAsync(wanted, Caller.Of(context), context.RequestAborted) is { } made
            ? WireJson.Created(Answer(made))
            : Problem.Of(ErrorCode.Conflict, "Another coupon has this code.");
    }

    private static async Task<Ok<BillingAnswer<CheckInConfig>>> ConfigAsync(CheckInStore store, CancellationToken cancellationToken) =>
        WireJson.Ok(Answer(await store.ConfigAsync(cancellationToken)));

    private static async Task<Results<Ok<BillingAnswer<CheckInConfig>>, Problem>> ChangeConfigAsync(
        RequestFields fields, HttpContext context, CheckInStore store)
    {
        return await store.ChangeConfigAsync(fields, Caller.Of(context), context.RequestAborted) is { } config
            ? WireJson.Ok(Answer(config))
            : Problem.InvalidRequest(fields.Errors);
    }

    private static BillingAnswer<T> Answer<T>(T data) => new(true, data);

    private static Problem SlugTaken => Problem.Of(ErrorCode.Conflict, "Another plan has this slug.");
}
