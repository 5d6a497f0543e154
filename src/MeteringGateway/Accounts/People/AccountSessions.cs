using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Accounts.People.Welcome;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.People;

/// <summary>The operator's call that opens a session for an account.</summary>
internal static class AccountSessions
{
    public static IEndpointRouteBuilder MapAccountSessions(this IEndpointRouteBuilder admin)
    {
        admin.MapPost("/accounts/{id:long}/sessions", CreateAsync);
        return admin;
    }

    private static async Task<Results<Created<HandedOutSession>, Problem>> CreateAsync(
        long id, [OptionalBody] RequestFields fields, HttpContext context, AccountStore accounts, SessionStore sessions)
    {
        fields.RefuseOthers();
        if (fields.Errors.Count > 0)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        return await accounts.FindAsync(id, context.RequestAborted) is null
            ? Problem.Of(ErrorCode.NotFound, $"There is no account {id}.")
            : WireJson.Created(await sessions.OpenForOperatorAsync(id, Caller.Of(context), context.RequestAborted));
    }
}
