namespace MeteringGateway.Ledger;

/// <summary>Refuses a request in the contract's words until the product's one place for errors is merged, which replaces this file.</summary>
internal static class ProblemStandIn
{
    public static IResult InvalidRequest(HttpContext context, IReadOnlyList<ParameterFault> faults) => TypedResults.Problem(
        statusCode: StatusCodes.Status400BadRequest,
        title: "The request is not valid.",
        extensions: new Dictionary<string, object?>
        {
            ["ok"] = false,
            ["code"] = "invalid_request",
            ["request_id"] = context.TraceIdentifier,
            ["credits_charged"] = 0,
            ["errors"] = faults.Select(f => new Dictionary<string, string> { ["parameter"] = f.Parameter, ["detail"] = f.Detail }).ToArray(),
        });
}
