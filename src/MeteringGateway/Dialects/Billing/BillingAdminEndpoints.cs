using MeteringGateway.Accounts;
using MeteringGateway.Authentication;
using MeteringGateway.Catalog;
using MeteringGateway.Errors;
using MeteringGateway.Ledger;
using MeteringGateway.Requests;
using MeteringGateway.Rewards;

namespace MeteringGateway.Dialects.Billing;

/// <summary>The document <c>002</c>, the operator's side.</summary>
internal static class BillingAdminEndpoints
{
    /// <summary>On the operator's group.</summary>
    public static IEndpointRouteBuilder MapBillingAdmin(this IEndpointRouteBuilder admin)
    {
        var billing = admin.MapGroup("").WithBillingErrors();
        billing.MapGet("/billing/plans", PlansAsync).Produces<BillingAnswer<IReadOnlyList<PlanRow>>>();
        billing.MapPost("/billing/plans", AddPlanAsync).Produces<BillingAnswer<PlanRow>>(StatusCodes.Status201Created);
        billing.MapPut("/billing/plans/{id}", ChangePlanAsync).Produces<BillingAnswer<PlanRow>>();
        billing.MapGet("/billing/coupons", CouponsAsync).Produces<BillingAnswer<IReadOnlyList<CouponRow>>>();
        billing.MapPost("/billing/coupons", AddCouponAsync).Produces<BillingAnswer<CouponRow>>(StatusCodes.Status201Created);
        billing.MapGet("/checkin/config", ConfigAsync).Produces<BillingAnswer<CheckInConfig>>();
        billing.MapPut("/checkin/config", ChangeConfigAsync).Produces<BillingAnswer<CheckInConfig>>();

        // Two calls that the contract has as well: one answer with the members of both.
        billing.MapGroup("").WithBillingMembers().MapManualCredits().MapTransactions(BillingMembers.TypeNames);
        return admin;
    }

    private static async Task<IResult> PlansAsync(CatalogStore catalog, SaleWarnings warnings, CancellationToken cancellationToken) =>
        WireJson.Ok(Answer<IReadOnlyList<PlanRow>>([.. (await catalog.PlansAsync(includeInactive: true, cancellationToken)).Select(warnings.WithWarnings)]));

    private static async Task<IResult> AddPlanAsync(HttpContext context, CatalogEditor editor, SaleWarnings warnings)
    {
        var body = await RequestBody.ReadAsync(context.Request);
        if (body.Fields is not { } fields)
        {
            return body.Problem!;
        }

        if (CatalogFields.Plan(fields, null) is not { } wanted)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        var change = await editor.AddAsync(CatalogEditor.Plans, wanted, Caller.Of(context), context.RequestAborted);
        return change.Row is { } made ? WireJson.Created(Answer(warnings.WithWarnings(made))) : SlugTaken;
    }

    private static async Task<IResult> ChangePlanAsync(string id, HttpContext context, CatalogEditor editor, SaleWarnings warnings)
    {
        var body = await RequestBody.ReadAsync(context.Request);
        if (body.Fields is not { } fields)
        {
            return body.Problem!;
        }

        var change = await editor.ChangeAsync(CatalogEditor.Plans, id, current => CatalogFields.Plan(fields, current), Caller.Of(context), context.RequestAborted);
        return change.Status switch
        {
            CatalogStatus.Done => WireJson.Ok(Answer(warnings.WithWarnings(change.Row!))),
            CatalogStatus.NotFound => Problem.Of(ErrorCode.NotFound, "There is no such plan."),
            CatalogStatus.Refused => Problem.InvalidRequest(fields.Errors),
            CatalogStatus.SlugTaken => SlugTaken,
            _ => throw new InvalidOperationException($"Unknown status {change.Status}."),
        };
    }

    private static async Task<IResult> CouponsAsync(HttpRequest request, CouponStore coupons, CancellationToken cancellationToken)
    {
        var (page, problem) = Page.Read(request.Query);
        return problem is not null ? problem : WireJson.Ok(Answer((await coupons.ListAsync(page, cancellationToken)).Coupons));
    }

    private static async Task<IResult> AddCouponAsync(HttpContext context, CouponStore coupons)
    {
        var body = await RequestBody.ReadAsync(context.Request);
        if (body.Fields is not { } fields)
        {
            return body.Problem!;
        }

        if (NewCoupon.Read(fields) is not { } wanted)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        return await coupons.CreateAsync(wanted, Caller.Of(context), context.RequestAborted) is { } made
            ? WireJson.Created(Answer(made))
            : Problem.Of(ErrorCode.Conflict, "Another coupon has this code.");
    }

    private static async Task<IResult> ConfigAsync(CheckInStore store, CancellationToken cancellationToken) =>
        WireJson.Ok(Answer(await store.ConfigAsync(cancellationToken)));

    private static async Task<IResult> ChangeConfigAsync(HttpContext context, CheckInStore store)
    {
        var body = await RequestBody.ReadAsync(context.Request);
        if (body.Fields is not { } fields)
        {
            return body.Problem!;
        }

        return await store.ChangeConfigAsync(fields, Caller.Of(context), context.RequestAborted) is { } config
            ? WireJson.Ok(Answer(config))
            : Problem.InvalidRequest(fields.Errors);
    }

    private static BillingAnswer<T> Answer<T>(T data) => new(true, data);

    private static Problem SlugTaken => Problem.Of(ErrorCode.Conflict, "Another plan has this slug.");
}
