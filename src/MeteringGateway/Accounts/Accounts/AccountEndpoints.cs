using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Flushing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.Accounts;

/// <summary>The operator's calls on accounts.</summary>
internal static class AccountEndpoints
{
    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder admin)
    {
        admin.MapPost("/accounts", CreateAsync);
        admin.MapGet("/accounts", ListAsync);
        admin.MapGet("/accounts/{id:long}", GetAsync);
        admin.MapPatch("/accounts/{id:long}", ChangeAsync);
        return admin;
    }

    private static async Task<Results<Created<AccountView>, Problem>> CreateAsync(
        RequestFields fields, HttpContext context, AccountStore accounts, ManualCreditFlow flow)
    {
        if (NewAccount.Read(fields) is not { } request)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        if (await accounts.CreateAsync(request, Caller.Of(context), context.RequestAborted) is not var (account, opening))
        {
            return Problem.Of(ErrorCode.Conflict, $"There is an account with the email {request.Email} already.");
        }

        // Nothing older of it can be in Redis, so a new account holds everywhere with or without this; Redis loads it on first use.
        await accounts.ApplyAsync(account.Id, account.Version, CancellationToken.None);
        var view = AccountView.Of(account);
        if (opening is null)
        {
            return WireJson.Created(view);
        }

        var (paid, _) = await flow.PayAsync(opening, CancellationToken.None);
        return WireJson.Created(paid.Status == PayoutStatus.Applied
            ? view with { CreditBalance = paid.BalanceAfter ?? 0 }
            : view with { PendingCredits = opening.Amount });
    }

    private static async Task<Results<Ok<AccountPage>, Problem>> ListAsync(
        HttpRequest request, AccountStore accounts, AccountSearch search, BooksFlush flush, CancellationToken cancellationToken)
    {
        var query = new QueryFields(request.Query);
        var (email, page) = (query.Text("email", NewAccount.MaxEmail), Page.Read(query));
        var text = query.Text("search", AccountSearch.LongestText);
        if (email is not null && text is not null)
        {
            query.Refuse("search", "can't stand beside email, which is one account's whole address");
        }

        if (query.Problem is { } problem)
        {
            return problem;
        }

        // First which accounts, then what waits for them, then their balances as they are now.
        var (ids, total) = text is null
            ? await accounts.ListIdsAsync(email, page, cancellationToken)
            : await search.FindAsync(text, page, cancellationToken);
        if (!await flush.FlushAsync(ids, cancellationToken))
        {
            return Recovering;
        }

        var rows = await accounts.ListAsync(ids, cancellationToken);
        return WireJson.Ok(new AccountPage([.. rows.Select(AccountView.Of)], total, page.Limit, page.Offset));
    }

    private static async Task<Results<Ok<AccountView>, Problem>> GetAsync(
        long id, AccountStore accounts, KeyInspector store, BooksFlush flush, CancellationToken cancellationToken)
    {
        if (!await flush.FlushAsync([id], cancellationToken))
        {
            return Recovering;
        }

        if (await accounts.FindAsync(id, cancellationToken) is not { } account)
        {
            return Unknown(id);
        }

        var view = AccountView.Of(account);
        if (await store.AccountStateAsync(id, cancellationToken) is { } state)
        {
            view = view with { HeldCredits = state.Held, Budget = Budget(account, state) };
        }

        return WireJson.Ok(view);
    }

    private static async Task<Results<Ok<AccountView>, Problem>> ChangeAsync(
        long id, RequestFields fields, HttpContext context, AccountStore accounts)
    {
        var changed = await accounts.ChangeAsync(
            id, current => AccountChange.Read(fields, current), Caller.Of(context), context.RequestAborted);
        if (changed is null)
        {
            return fields.Errors.Count > 0 ? Problem.InvalidRequest(fields.Errors) : Unknown(id);
        }

        return await accounts.ApplyAsync(id, changed.Version, CancellationToken.None)
            ? WireJson.Ok(AccountView.Of(changed))
            : Problem.Of(
                ErrorCode.MeteringUnavailable, "The change is recorded and holds as soon as Redis is back. Send it again to be sure.");
    }

    private static BudgetView? Budget(AccountRow account, AccountState state) =>
        account.MonthlyBudget is { } limit
            ? new BudgetView(
                limit, state.MonthlyBudget.Spent, state.MonthlyBudget.Held,
                Math.Max(0, limit - state.MonthlyBudget.Spent - state.MonthlyBudget.Held), state.MonthlyBudget.ResetsAt)
            : null;

    private static Problem Recovering =>
        Problem.Of(ErrorCode.MeteringUnavailable, "Balances are being brought up to date after a loss of Redis.");

    private static Problem Unknown(long id) => Problem.Of(ErrorCode.NotFound, $"There is no account {id}.");
}
