using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace MeteringGateway.Sales.PaymentOperations;

/// <summary>What accounts owe: for the operator, and for the account itself.</summary>
internal static class DebtEndpoints
{
    private static readonly string List = SqlFile.Read("Sales/PaymentOperations/list-debts.sql");
    private static readonly string Sum = SqlFile.Read("Sales/PaymentOperations/sum-debts.sql");

    public static IEndpointRouteBuilder MapDebts(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/debts", ListAsync);
        return admin;
    }

    public static IEndpointRouteBuilder MapMyDebts(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/me").RequireAccount().MapGet("/debts", ListMineAsync);
        return app;
    }

    private static async Task<Results<Ok<DebtPage>, Problem>> ListAsync(HttpContext context, NpgsqlDataSource database)
    {
        var query = new QueryFields(context.Request.Query);
        var accountId = query.Whole("account_id", 1, long.MaxValue, "must be the number of an account");
        var page = Page.Read(query);
        return query.Problem is { } problem ? problem : WireJson.Ok(await ReadAsync(database, accountId, page, context.RequestAborted));
    }

    private static async Task<Results<Ok<MyDebtPage>, Problem>> ListMineAsync(HttpContext context, NpgsqlDataSource database)
    {
        var (page, problem) = Page.Read(context.Request.Query);
        if (problem is not null)
        {
            return problem;
        }

        var identity = AccountIdentity.Of(context);
        if (identity.IsTest)
        {
            return WireJson.Ok(new MyDebtPage([], new DebtTotals(0, 0, 0), 0, page.Limit, page.Offset));
        }

        var found = await ReadAsync(database, identity.WalletAccountId, page, context.RequestAborted);
        return WireJson.Ok(new MyDebtPage([.. found.Debts.Select(MyDebtView.Of)], found.Totals, found.Total, page.Limit, page.Offset));
    }

    private static async Task<DebtPage> ReadAsync(
        NpgsqlDataSource database, long? accountId, Page page, CancellationToken cancellationToken)
    {
        var (debts, total) = await database.QueryPageAsync<DebtView>(
            List, new { accountId, limit = page.Limit, offset = page.Offset }, cancellationToken);
        var totals = await database.QuerySingleAsync<DebtTotals>(Sum, new { accountId }, cancellationToken);
        return new DebtPage(debts, totals, total, page.Limit, page.Offset);
    }
}
