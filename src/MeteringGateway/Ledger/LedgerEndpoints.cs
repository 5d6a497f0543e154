using MeteringGateway.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Ledger;

/// <summary>What an operator may ask of the books. The group that it is mapped on has the operator's authentication.</summary>
internal static class LedgerEndpoints
{
    public static IEndpointRouteBuilder MapLedger(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/ledger/verify", VerifyAsync).WithName("VerifyLedger");
        admin.MapGet("/credits/transactions", ListTransactionsAsync).WithName("ListTransactions");
        return admin;
    }

    private static async Task<JsonHttpResult<LedgerVerification>> VerifyAsync(LedgerVerifier verifier, CancellationToken cancellationToken) =>
        TypedResults.Json(await verifier.VerifyAsync(cancellationToken), LedgerJson.Default.LedgerVerification);

    private static async Task<IResult> ListTransactionsAsync(HttpRequest request, LedgerReader reader, CancellationToken cancellationToken)
    {
        var faults = new List<ParameterFault>();
        return LedgerQueryReader.Read(request.Query, faults) is { } query
            ? TypedResults.Json(TransactionsAnswer.From(await reader.PageAsync(query, cancellationToken), query), LedgerJson.Default.TransactionsAnswer)
            : Problem.InvalidRequest([.. faults.Select(fault => new FieldError("?" + fault.Parameter, fault.Detail))]);
    }
}
