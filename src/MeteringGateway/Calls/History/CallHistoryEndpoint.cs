using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MeteringGateway.Calls.History;

/// <summary>
/// <c>GET /api/v1/calls/{request_id}</c>: what became of a call, and what it cost, for the account that made it. A stream's price is
/// known when it has ended, and a client that lost its answer wants to know whether it paid.
/// </summary>
internal static class CallHistoryEndpoint
{
    public static IEndpointRouteBuilder MapCallHistory(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/v1/calls").RequireAccount().MapGet("/{request_id}", GetAsync);
        return app;
    }

    private static async Task<Results<Ok<CallView>, Problem>> GetAsync(
        [FromRoute(Name = "request_id")] string requestId, HttpContext context, CallHistory history)
    {
        // A test key sees nothing of the wallet, and its own calls are nowhere.
        var identity = AccountIdentity.Of(context);
        return !identity.IsTest
            && await history.FindAsync(identity.WalletAccountId, requestId, context.RequestAborted) is { } call
            ? WireJson.Ok(call)
            : Problem.Of(ErrorCode.NotFound, "This account has no such call, or it was not charged and is forgotten by now.");
    }
}
