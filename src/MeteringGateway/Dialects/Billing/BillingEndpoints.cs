using System.Globalization;
using MeteringGateway.Accounts.LedgerOperations;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Dialects.Billing;

/// <summary>The document <c>002</c>, an account's side: <c>{success, data}</c> everywhere, refusals included.</summary>
internal static class BillingEndpoints
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    public static IEndpointRouteBuilder MapBilling(this IEndpointRouteBuilder app)
    {
        var billing = app.MapGroup("").WithBillingErrors().RequireAccount();
        billing.MapGet("/credits/balance", BalanceAsync);
        billing.MapGet("/credits/transactions", TransactionsAsync);
        billing.MapGet("/orders", OrdersAsync);
        billing.MapGet("/orders/{id}", OrderAsync);
        billing.MapGet("/subscription/plans", PlansAsync);
        billing.MapPost("/checkin", (HttpContext context, BillingRewards rewards) => rewards.CheckInAsync(context));
        billing.MapPost("/coupons/redeem", (RequestFields fields, HttpContext context, BillingRewards rewards) =>
            rewards.RedeemAsync(fields, context));
        billing.MapGet("/subscription", (HttpContext context, BillingCheckout checkout) => checkout.CurrentAsync(context));
        var bound = billing.MapGroup("").RequireMoneyRole();
        bound.MapPost("/payment/create-session", (HttpContext context, BillingCheckout checkout) => checkout.CreateSessionAsync(context));
        bound.MapPost("/subscription/portal", (RequestFields fields, HttpContext context, BillingCheckout checkout) =>
            checkout.OpenPortalAsync(fields, context));
        bound.MapPost("/subscription/cancel", (HttpContext context, BillingCheckout checkout) => checkout.CancelAsync(context));
        return app;
    }

    private static async Task<Ok<BillingAnswer<BillingBalance>>> BalanceAsync(HttpContext context, Wallet wallet) =>
        Answer(new BillingBalance(await wallet.BalanceAsync(AccountIdentity.Of(context), context.RequestAborted)));

    private static async Task<Results<Ok<BillingAnswer<IReadOnlyList<BillingTransaction>>>, Problem>> TransactionsAsync(
        HttpContext context, Wallet wallet)
    {
        var query = new QueryFields(context.Request.Query);
        var filter = EntryFilterReader.Read(query, static shown => EntryNames.ShownAs(shown, static name => name.Billing));
        var page = Page.Read(query, DefaultLimit, MaxLimit);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var found = await wallet.EntriesAsync(AccountIdentity.Of(context), filter, page, context.RequestAborted);
        return Answer<IReadOnlyList<BillingTransaction>>([.. found.Entries.Select(BillingTransaction.Of)]);
    }

    private static async Task<Results<Ok<BillingAnswer<IReadOnlyList<BillingOrder>>>, Problem>> OrdersAsync(
        HttpContext context, PurchaseHistory purchases)
    {
        var (page, problem) = Page.Read(context.Request.Query, DefaultLimit, MaxLimit);
        if (problem is not null)
        {
            return problem;
        }

        var identity = AccountIdentity.Of(context);
        var (found, _) = identity.IsTest
            ? ([], 0)
            : await purchases.ListAsync(identity.WalletAccountId, null, page.Limit, page.Offset, context.RequestAborted);
        return Answer<IReadOnlyList<BillingOrder>>([.. found.Select(BillingOrder.Of)]);
    }

    private static async Task<Results<Ok<BillingAnswer<BillingOrder>>, Problem>> OrderAsync(
        string id, HttpContext context, PurchaseHistory purchases)
    {
        var identity = AccountIdentity.Of(context);
        return !identity.IsTest
            && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && await purchases.FindAsync(identity.WalletAccountId, number, context.RequestAborted) is { } purchase
            ? Answer(BillingOrder.Of(purchase))
            : Problem.Of(ErrorCode.NotFound, "There is no such order.");
    }

    private static async Task<Ok<BillingAnswer<IReadOnlyList<BillingPlan>>>> PlansAsync(
        CatalogStore catalog, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<BillingPlan>>(
            [.. (await catalog.PlansAsync(includeInactive: false, cancellationToken)).Select(BillingPlan.Of)]);

    private static Ok<BillingAnswer<T>> Answer<T>(T data) => WireJson.Ok(new BillingAnswer<T>(true, data));
}
