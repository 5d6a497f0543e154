using MeteringGateway.Accounts.LedgerOperations;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Dialects.Conduit;

/// <summary>The document <c>003</c>: balance and ledger in cents, and the spending limits of keys under its names.</summary>
internal static class ConduitEndpoints
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 100;

    public static IEndpointRouteBuilder MapConduit(this IEndpointRouteBuilder app)
    {
        var billing = app.MapGroup("/api/billing").RequireAccount();
        billing.MapGet("/balance", BalanceAsync);
        billing.MapGet("/ledger", LedgerAsync);

        // The document's API Keys dashboard: a person's, for a key must not raise its own limit.
        var keys = app.MapGroup("/api/billing/keys").RequireSession();
        keys.MapGet("", (HttpContext context, ConduitKeyLimits limits) => limits.ListAsync(context));
        keys.MapGet("/{id:long}", (long id, HttpContext context, ConduitKeyLimits limits) => limits.GetAsync(id, context));
        keys.MapPatch("/{id:long}", (long id, RequestFields fields, HttpContext context, ConduitKeyLimits limits) =>
            limits.ChangeAsync(id, fields, context));
        return app;
    }

    private static async Task<Ok<ConduitBalance>> BalanceAsync(HttpContext context, Wallet wallet, CreditPrice price)
    {
        var cents = price.CentsFor(await wallet.BalanceAsync(AccountIdentity.Of(context), context.RequestAborted));
        return WireJson.Ok(new ConduitBalance(cents, cents / 100m));
    }

    private static async Task<Results<Ok<ConduitLedger>, Problem>> LedgerAsync(HttpContext context, Wallet wallet, CreditPrice price)
    {
        var query = new QueryFields(context.Request.Query);
        var filter = EntryFilterReader.Read(query, static shown => EntryNames.ShownAs(shown, static name => name.Conduit));
        var page = Page.Read(query, DefaultLimit, MaxLimit);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var found = await wallet.EntriesAsync(AccountIdentity.Of(context), filter, page, context.RequestAborted);
        return WireJson.Ok(new ConduitLedger(
            [.. found.Entries.Select(entry => ConduitEntries.Of(entry, price))], page.Limit, page.Offset, found.Entries.Count));
    }
}
