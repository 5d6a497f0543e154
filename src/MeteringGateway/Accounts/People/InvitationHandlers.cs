using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.People;

/// <summary>The calls on invitations: an owner makes and withdraws them, the invited person answers.</summary>
internal sealed class InvitationHandlers(TeamAccess access, TeamStore teams, InvitationStore invitations, SignInThrottle throttle)
{
    public async Task<Results<Accepted<InvitedView>, Problem>> InviteAsync(long id, RequestFields fields, HttpContext context)
    {
        if (NewMember.Read(fields) is not { } member)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        if (await access.RefuseAsync(id, context, isOwnerNeeded: true) is { } refusal)
        {
            return refusal;
        }

        // Each may show up with a person, so that many of them would be a nuisance to many.
        if (throttle.Take(context.Connection.RemoteIpAddress) is { } wait)
        {
            return new Problem { Code = ErrorCode.RateLimited, Detail = "Too many people were invited from here.", RetryAfter = wait };
        }

        return await invitations.InviteAsync(id, member, TeamAccess.Actor(id, context), Caller.Of(context), context.RequestAborted) switch
        {
            InviteStatus.Done => WireJson.Accepted(new InvitedView(member.Email, member.Role, "invited")),
            InviteStatus.CallerEnded => Problem.InvalidKey,
            _ => Problem.Of(ErrorCode.Conflict, "The team has as many open invitations as it may have. Withdraw some."),
        };
    }

    public async Task<Results<Ok<SentInvitationList>, Problem>> ListSentAsync(long id, HttpContext context) =>
        await access.RefuseAsync(id, context, isOwnerNeeded: true) is { } refusal
            ? refusal
            : WireJson.Ok(new SentInvitationList(await invitations.ListSentAsync(id, context.RequestAborted)));

    public async Task<Results<NoContent, Problem>> WithdrawAsync(long id, long invitationId, HttpContext context)
    {
        if (await access.RefuseAsync(id, context, isOwnerNeeded: true) is { } refusal)
        {
            return refusal;
        }

        return await invitations.WithdrawAsync(invitationId, id, Caller.Of(context), context.RequestAborted)
            ? TypedResults.NoContent()
            : Unknown(invitationId);
    }

    public async Task<Ok<InvitationList>> ListAsync(HttpContext context) =>
        WireJson.Ok(new InvitationList(await invitations.ListAsync(AccountIdentity.Of(context).AccountId, context.RequestAborted)));

    public async Task<Results<Ok<TeamView>, Problem>> AcceptAsync(long id, HttpContext context)
    {
        var accountId = AccountIdentity.Of(context).AccountId;
        if (await invitations.AcceptAsync(id, accountId, Caller.Of(context), context.RequestAborted) is not { } teamId)
        {
            return Unknown(id);
        }

        return WireJson.Ok((await teams.ListAsync(accountId, CancellationToken.None)).First(team => team.Id == teamId));
    }

    public async Task<Results<NoContent, Problem>> DeclineAsync(long id, HttpContext context) =>
        await invitations.DeclineAsync(id, AccountIdentity.Of(context).AccountId, Caller.Of(context), context.RequestAborted)
            ? TypedResults.NoContent()
            : Unknown(id);

    private static Problem Unknown(long id) => Problem.Of(ErrorCode.NotFound, $"There is no invitation {id} for this account.");
}
