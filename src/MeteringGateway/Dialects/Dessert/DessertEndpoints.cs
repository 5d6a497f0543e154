using MeteringGateway.Accounts.LedgerOperations;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.AutoRecharge;
using MeteringGateway.Sales.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Dialects.Dessert;

/// <summary>
/// The document <c>001</c>: balance and recent usage; beside it, in its words, the setting of the auto-recharge that it shows.
/// </summary>
internal static class DessertEndpoints
{
    /// <summary>As the document says: the last 50, a paginated feed.</summary>
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public static IEndpointRouteBuilder MapDessert(this IEndpointRouteBuilder app)
    {
        var v1 = app.MapGroup("/v1").RequireAccount();
        v1.MapGet("/balance", BalanceAsync);
        v1.MapGet("/usage", UsageAsync);
        v1.MapGet("/auto-recharge", AutoRechargeAsync);
        app.MapGroup("/v1").RequireSession().RequireMoneyRole().MapPut("/auto-recharge", SetAutoRechargeAsync);
        return app;
    }

    private static async Task<Ok<DessertBalance>> BalanceAsync(
        HttpContext context, Wallet wallet, PurchaseHistory purchases, AutoRechargeStore autoRecharge,
        SurfaceSource surfaces, CreditPrice price)
    {
        var identity = AccountIdentity.Of(context);
        var balance = await wallet.BalanceAsync(identity, context.RequestAborted);
        var purchased = identity.IsTest ? balance : await purchases.PurchasedCreditsAsync(identity.WalletAccountId, context.RequestAborted);
        var settings = identity.IsTest
            ? new AutoRechargeSettings()
            : await autoRecharge.GetAsync(identity.WalletAccountId, context.RequestAborted);
        return WireJson.Ok(new DessertBalance(
            balance,
            price.UsdFor(balance) + 0.0m,
            purchased,
            settings.Enabled,
            settings.Threshold,
            DessertMoney.Usd(settings.AmountCents),
            DessertPricing.Of(surfaces.Current, price)));
    }

    private static async Task<Results<Ok<DessertUsage>, Problem>> UsageAsync(HttpContext context, Wallet wallet)
    {
        var query = new QueryFields(context.Request.Query);
        var filter = EntryFilterReader.Read(query, static shown => EntryNames.ShownAs(shown, static name => name.Dessert));
        var page = Page.Read(query, DefaultLimit, MaxLimit);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var found = await wallet.EntriesAsync(AccountIdentity.Of(context), filter, page, context.RequestAborted);
        return WireJson.Ok(new DessertUsage([.. found.Entries.Select(DessertTransaction.Of)]));
    }

    private static async Task<Ok<DessertAutoRecharge>> AutoRechargeAsync(HttpContext context, AutoRechargeStore store, TimeProvider time)
    {
        var identity = AccountIdentity.Of(context);
        var state = identity.IsTest
            ? new AutoRechargeState(new AutoRechargeSettings(), 0, null, null, CanPay: true)
            : await store.StateAsync(identity.WalletAccountId, context.RequestAborted);
        return WireJson.Ok(DessertAutoRecharge.Of(state, time.GetUtcNow()));
    }

    private static async Task<Results<Ok<DessertAutoRecharge>, Problem>> SetAutoRechargeAsync(
        RequestFields fields, HttpContext context, AutoRechargeStore store, CreditPrice price, TimeProvider time)
    {
        var account = AccountIdentity.Of(context).WalletAccountId;
        if (!await store.ChangeAsync(
            account, current => DessertAutoRechargeFields.Read(fields, current, price), Caller.Of(context), context.RequestAborted))
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        return WireJson.Ok(DessertAutoRecharge.Of(await store.StateAsync(account, context.RequestAborted), time.GetUtcNow()));
    }
}
