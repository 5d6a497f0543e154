using System.Globalization;
using MeteringGateway.Credits;
using MeteringGateway.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MeteringGateway.Ledger;

/// <summary>What an operator may ask of the books. The group that it is mapped on has the operator's authentication.</summary>
internal static class LedgerEndpoints
{
    public static IEndpointRouteBuilder MapLedger(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/ledger/verify", VerifyAsync).WithName("VerifyLedger").Produces<LedgerVerification>();
        admin.MapGet("/ledger/rebuild", RebuildAsync).WithName("RebuildLedger").Produces<RebuiltBalance>();
        admin.MapPost("/ledger/reconcile", ReconcileAsync).WithName("ReconcileLedger").Produces<Reconciliation>();
        return admin;
    }

    public static IEndpointRouteBuilder MapTransactions(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/credits/transactions", ListTransactionsAsync).WithName("ListTransactions").Produces<TransactionsAnswer>();
        return admin;
    }

    private static async Task<JsonHttpResult<LedgerVerification>> VerifyAsync(LedgerVerifier verifier, CancellationToken cancellationToken) =>
        TypedResults.Json(await verifier.VerifyAsync(cancellationToken), LedgerJson.Default.LedgerVerification);

    /// <summary>The balance at any instant, <c>?account_id=N&amp;at=TIME</c>; without a time, after all of its entries.</summary>
    private static async Task<IResult> RebuildAsync(HttpRequest request, [FromServices] LedgerRebuild rebuild, CancellationToken cancellationToken)
    {
        if (!long.TryParse(request.Query["account_id"], NumberStyles.None, CultureInfo.InvariantCulture, out var account))
        {
            return Problem.InvalidRequest(new FieldError("?account_id", "must be an account's number"));
        }

        DateTimeOffset? at = null;
        if (request.Query["at"].ToString() is { Length: > 0 } text)
        {
            if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
            {
                return Problem.InvalidRequest(new FieldError("?at", "must be a time, as in 2026-11-21T12:00:00Z"));
            }

            at = instant;
        }

        return await rebuild.RebuildAsync(account, at, cancellationToken) is { } balance
            ? TypedResults.Json(balance, LedgerJson.Default.RebuiltBalance)
            : Problem.Of(ErrorCode.NotFound, $"There is no account {account}.");
    }

    private static async Task<IResult> ReconcileAsync(HttpRequest request, [FromServices] Reconciler reconciler, CancellationToken cancellationToken)
    {
        var heal = false;
        return request.Query["heal"].ToString() is { Length: > 0 } text && !bool.TryParse(text, out heal)
            ? Problem.InvalidRequest(new FieldError("?heal", "must be true or false"))
            : TypedResults.Json(await reconciler.ReconcileAsync(heal, cancellationToken), LedgerJson.Default.Reconciliation);
    }

    private static async Task<IResult> ListTransactionsAsync(HttpRequest request, LedgerReader reader, CancellationToken cancellationToken)
    {
        var faults = new List<ParameterFault>();
        return LedgerQueryReader.Read(request.Query, faults) is { } query
            ? TypedResults.Json(TransactionsAnswer.From(await reader.PageAsync(query, cancellationToken), query), LedgerJson.Default.TransactionsAnswer)
            : Problem.InvalidRequest([.. faults.Select(fault => new FieldError("?" + fault.Parameter, fault.Detail))]);
    }
}
