using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Reading;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.LedgerOperations;

/// <summary>An account's wallet at this moment.</summary>
/// <param name="Balance">Credits, all charged answers counted.</param>
/// <param name="Held">Credits that calls in flight hold of it; null while Redis can't be asked.</param>
/// <param name="MonthlyBudget">The most that all keys together may spend in a month; null: none.</param>
/// <param name="MonthSpent">Credits charged in this UTC month; null while Redis can't be asked.</param>
/// <param name="At">When this was so.</param>
internal sealed record WalletView(long Balance, long? Held, long? MonthlyBudget, long? MonthSpent, DateTimeOffset At);

/// <summary>What a person may ask of the account's own ledger, with a session.</summary>
internal static class MyLedgerEndpoints
{
    public static IEndpointRouteBuilder MapMyLedger(this IEndpointRouteBuilder app)
    {
        var mine = app.MapGroup("/api/me").RequireSession();
        mine.MapGet("/wallet", WalletAsync);
        mine.MapGet("/ledger", ListAsync);
        return app;
    }

    private static async Task<Ok<WalletView>> WalletAsync(
        HttpContext context, LedgerReader ledger, KeyInspector inspector, TimeProvider time)
    {
        var account = AccountIdentity.Of(context).WalletAccountId;
        var balance = await ledger.BalanceAsync(account, context.RequestAborted)
            ?? throw new InvalidOperationException($"Account {account} is gone.");
        var state = await inspector.AccountStateAsync(account, context.RequestAborted);
        return WireJson.Ok(new WalletView(
            balance, state?.Held, state?.MonthlyBudget.Limit, state?.MonthlyBudget.Spent, time.GetUtcNow()));
    }

    private static async Task<Results<Ok<TransactionsAnswer>, Problem>> ListAsync(HttpContext context, LedgerReader reader)
    {
        var query = new QueryFields(context.Request.Query);
        var (filter, page) = (EntryFilterReader.Read(query, EntryFilterReader.OwnNames), Page.Read(query));
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var wanted = new LedgerQuery(
            AccountIdentity.Of(context).WalletAccountId, filter, page.Limit, page.Offset, LedgerQuery.CountedForPages);
        return WireJson.Ok(TransactionsAnswer.From(await reader.PageAsync(wanted, context.RequestAborted), wanted));
    }
}
