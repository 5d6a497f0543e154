using MeteringGateway.Engine.Upkeep;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Reading;
using MeteringGateway.Ledger.Verifying;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MeteringGateway.Accounts.LedgerOperations;

/// <summary>What an operator may ask of the ledger. The group that it is mapped on has the operator's authentication.</summary>
internal static class LedgerEndpoints
{
    public static IEndpointRouteBuilder MapLedger(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/ledger/verify", VerifyAsync);
        admin.MapGet("/ledger/rebuild", RebuildAsync);
        admin.MapPost("/ledger/reconcile", ReconcileAsync);
        return admin;
    }

    /// <param name="admin">The operator's group.</param>
    /// <param name="types">What <c>type</c> may be called.</param>
    public static IEndpointRouteBuilder MapTransactions(this IEndpointRouteBuilder admin, EntryFilterReader.TypeNames types)
    {
        admin.MapGet("/credits/transactions", (HttpRequest request, LedgerReader reader, CancellationToken cancellationToken) =>
            ListTransactionsAsync(request, types, reader, cancellationToken));
        return admin;
    }

    private static async Task<Ok<LedgerVerification>> VerifyAsync(LedgerVerifier verifier, CancellationToken cancellationToken) =>
        WireJson.Ok(await verifier.VerifyAsync(cancellationToken));

    /// <summary>The balance at any instant, <c>?account_id=N&amp;at=TIME</c>; without a time, after all of its entries.</summary>
    private static async Task<Results<Ok<RebuiltBalance>, Problem>> RebuildAsync(
        HttpRequest request, [FromServices] BalanceAt rebuild, CancellationToken cancellationToken)
    {
        var query = new QueryFields(request.Query);
        var (number, at) = (query.Whole("account_id", 1, long.MaxValue, "must be an account's number"), query.Moment("at"));
        if (query.Problem is { } problem)
        {
            return problem;
        }

        if (number is not { } account)
        {
            return Problem.InvalidRequest(new FieldError("?account_id", "is required: an account's number"));
        }

        return await rebuild.RebuildAsync(account, at, cancellationToken) is { } balance
            ? WireJson.Ok(balance)
            : Problem.Of(ErrorCode.NotFound, $"There is no account {account}.");
    }

    private static async Task<Results<Ok<Reconciliation>, Problem>> ReconcileAsync(
        HttpRequest request, [FromServices] Reconciler reconciler, CancellationToken cancellationToken)
    {
        var query = new QueryFields(request.Query);
        var heal = query.Flag("heal") ?? false;
        return query.Problem is { } problem
            ? problem
            : WireJson.Ok(await reconciler.ReconcileAsync(heal, cancellationToken));
    }

    private static async Task<Results<Ok<TransactionsAnswer>, Problem>> ListTransactionsAsync(
        HttpRequest request, EntryFilterReader.TypeNames types, LedgerReader reader, CancellationToken cancellationToken)
    {
        var query = new QueryFields(request.Query);
        var account = query.Whole("account_id", 1, long.MaxValue, "must be an account's number");
        var (filter, page) = (EntryFilterReader.Read(query, types), Page.Read(query));
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var wanted = new LedgerQuery(account, filter, page.Limit, page.Offset, LedgerQuery.CountedForPages);
        return WireJson.Ok(TransactionsAnswer.From(await reader.PageAsync(wanted, cancellationToken), wanted));
    }
}
