using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.People;

/// <summary>The calls on a team's members, an owner's and the operator's.</summary>
internal sealed class MemberHandlers(TeamAccess access, TeamStore teams, MembershipStore memberships)
{
    private const string KeepKeys = "keep_keys";

    public async Task<Results<Ok<MemberList>, Problem>> ListAsync(long id, HttpContext context) =>
        await access.RefuseAsync(id, context, isOwnerNeeded: false) is { } refusal
            ? refusal
            : WireJson.Ok(new MemberList(await teams.MembersAsync(id, context.RequestAborted)));

    /// <summary>The operator's way: the person is added without being asked.</summary>
    public async Task<Results<Created<MemberView>, Problem>> AddAsync(long id, RequestFields fields, HttpContext context)
    {
        if (NewMember.Read(fields) is not { } member)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        if (await access.RefuseAsync(id, context, isOwnerNeeded: true) is { } refusal)
        {
            return refusal;
        }

        var (status, accountId) = await teams.AddAsync(id, member, Caller.Of(context), context.RequestAborted);
        return status switch
        {
            MembershipStatus.UnknownPerson => Problem.Of(ErrorCode.NotFound, "There is no personal account with this email."),
            MembershipStatus.AlreadyMember => Problem.Of(ErrorCode.Conflict, "This person is a member already."),
            _ => WireJson.Created((await teams.MemberAsync(id, accountId, CancellationToken.None))!),
        };
    }

    public async Task<Results<Ok<MemberView>, Problem>> ChangeAsync(long id, long accountId, RequestFields fields, HttpContext context)
    {
        if (MemberChange.Read(fields) is not { } change)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        if (await access.RefuseAsync(id, context, isOwnerNeeded: true) is { } refusal)
        {
            return refusal;
        }

        var (status, isApplied) = await memberships.ChangeAsync(
            id, accountId, change, TeamAccess.Actor(id, context), Caller.Of(context), context.RequestAborted);
        return Refusal(status, isApplied, accountId) is { } unchanged
            ? unchanged
            : WireJson.Ok((await teams.MemberAsync(id, accountId, CancellationToken.None))!);
    }

    /// <summary>Everyone may leave; only an owner may make somebody else leave, or keep the keys of a member that leaves.</summary>
    public async Task<Results<NoContent, Problem>> RemoveAsync(long id, long accountId, HttpContext context)
    {
        var keeps = context.Request.Query[KeepKeys];
        if (keeps.Count > 1 || (keeps.Count == 1 && keeps[0] is not ("true" or "false")))
        {
            return Problem.InvalidRequest(new FieldError("?" + KeepKeys, "must be true or false"));
        }

        var keepsKeys = keeps.Count == 1 && keeps[0] == "true";
        var actor = TeamAccess.Actor(id, context);
        var isOwn = actor == accountId && !keepsKeys;
        if (await access.RefuseAsync(id, context, isOwnerNeeded: !isOwn) is { } refusal)
        {
            return refusal;
        }

        var (status, isApplied) = await memberships.RemoveAsync(
            id, accountId, keepsKeys, isOwn ? null : actor, Caller.Of(context), context.RequestAborted);
        return Refusal(status, isApplied, accountId) is { } unchanged ? unchanged : TypedResults.NoContent();
    }

    private static Problem? Refusal(MembershipStatus status, bool isApplied, long accountId) => status switch
    {
        MembershipStatus.CallerEnded => Problem.InvalidKey,
        MembershipStatus.LastOwner => Problem.Of(ErrorCode.Conflict, "A team needs an owner. Make somebody else one first."),
        MembershipStatus.NotAMember => Problem.Of(ErrorCode.NotFound, $"Account {accountId} is not a member."),
        MembershipStatus.RoleRequired => TeamAccess.OwnerNeeded,
        _ => isApplied
            ? null
            : Problem.Of(ErrorCode.MeteringUnavailable, "The change is recorded; for the member's keys it holds as soon as Redis is back."),
    };
}
