using MeteringGateway.Accounts.LedgerOperations;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Dialects.Wren;

/// <summary>The document <c>004</c>: top-up, balance and ledger in cents. Where others say 401, Wren says 403.</summary>
internal static class WrenEndpoints
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public static IEndpointRouteBuilder MapWren(this IEndpointRouteBuilder app)
    {
        var credits = app.MapGroup("/api/credits");
        credits.AddEndpointFilter(async (call, next) =>
        {
            var answer = await next(call);
            var chosen = answer is INestedHttpResult { Result: var one } ? one : answer;
            return chosen is Problem { Code: ErrorCode.InvalidKey } ? Unauthenticated : answer;
        });
        credits.RequireAccount();
        credits.MapGroup("").RequireMoneyRole().MapPost("/top-up", (HttpContext context, WrenTopUps topUps) => topUps.TopUpAsync(context));
        credits.MapGet("/balance", BalanceAsync);
        credits.MapGet("/ledger", LedgerAsync);
        return app;
    }

    private static Problem Unauthenticated => Problem.Of(ErrorCode.Forbidden, "Missing or invalid authentication.");

    private static async Task<Ok<WrenBalance>> BalanceAsync(HttpContext context, Wallet wallet, CreditPrice price)
    {
        var identity = AccountIdentity.Of(context);
        return WireJson.Ok(new WrenBalance(
            identity.IsTest ? WrenSample.BalanceCents : price.CentsFor(await wallet.BalanceAsync(identity, context.RequestAborted))));
    }

    private static async Task<Results<Ok<WrenLedger>, Problem>> LedgerAsync(HttpContext context, Wallet wallet, CreditPrice price)
    {
        var query = new QueryFields(context.Request.Query);
        var filter = EntryFilterReader.Read(query, static shown => EntryNames.ShownAs(shown, static name => name.Wren));
        var page = Page.Read(query, DefaultLimit, MaxLimit);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var identity = AccountIdentity.Of(context);
        if (identity.IsTest)
        {
            var sample = WrenSample.Find(filter);
            return WireJson.Ok(new WrenLedger([.. sample.Skip(page.Offset).Take(page.Limit)], sample.Count, page.Limit, page.Offset));
        }

        var found = await wallet.EntriesAsync(identity, filter, page, context.RequestAborted);
        return WireJson.Ok(
            new WrenLedger([.. found.Entries.Select(entry => WrenEntry.Of(entry, price))], found.Total, page.Limit, page.Offset));
    }
}
