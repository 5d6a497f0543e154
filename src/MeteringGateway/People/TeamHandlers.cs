using MeteringGateway.Accounts;
using MeteringGateway.Authentication;
using MeteringGateway.Errors;
using MeteringGateway.Requests;

namespace MeteringGateway.People;

/// <summary>The calls on teams. A team is not there for whoever is not in it.</summary>
internal sealed class TeamHandlers(TeamStore teams, AccountStore accounts, BooksFlush flush, SignInThrottle throttle)
{
    public async Task<IResult> CreateAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context.Request);
        if (body.Fields is not { } fields)
        {
            return body.Problem!;
        }

        var fullName = fields.Text("full_name", AccountChange.MaxName, required: true);
        fields.RefuseOthers();
        if (fields.Errors.Count > 0)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        var team = await teams.CreateAsync(fullName!, AccountIdentity.Of(context).AccountId, Caller.Of(context), context.RequestAborted);
        return team is null
            ? Problem.Of(ErrorCode.Forbidden, "Only a person's account can have teams.")
            : WireJson.Created(new TeamView { Id = team.Id, FullName = team.FullName, Role = TeamStore.Owner, Status = team.Status, CreatedAt = team.CreatedAt });
    }

    public async Task<IResult> ListAsync(HttpContext context)
    {
        var accountId = AccountIdentity.Of(context).AccountId;
        var mine = await teams.ListAsync(accountId, context.RequestAborted);

        // First which teams, then what waits for their books, then their balances as they are now.
        return await flush.FlushAsync(mine.Select(team => team.Id), context.RequestAborted)
            ? WireJson.Ok(new TeamList(await teams.ListAsync(accountId, context.RequestAborted)))
            : Problem.Of(ErrorCode.MeteringUnavailable, "Balances are being brought up to date after a loss of Redis.");
    }

    public async Task<IResult> MembersAsync(long id, HttpContext context) =>
        await RefuseAsync(id, context, isOwnerNeeded: false) ?? WireJson.Ok(new MemberList(await teams.MembersAsync(id, context.RequestAborted)));

    public async Task<IResult> AddAsync(long id, HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context.Request);
        if (body.Fields is not { } fields)
        {
            return body.Problem!;
        }

        if (NewMember.Read(fields) is not { } member)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        if (await RefuseAsync(id, context, isOwnerNeeded: true) is { } refusal)
        {
            return refusal;
        }

        // The answer tells whether there is a person with that email, so asking for many is as slow as signing in with many.
        if (Caller.Of(context) != Caller.Operator && throttle.Take(context.Connection.RemoteIpAddress) is { } wait)
        {
            return new Problem { Code = ErrorCode.RateLimited, Detail = "Too many members were added from here.", RetryAfter = wait };
        }

        var status = await teams.AddAsync(id, member, Caller.Of(context), context.RequestAborted);
        return status switch
        {
            MembershipStatus.UnknownPerson => Problem.Of(ErrorCode.NotFound, "There is no personal account with this email."),
            MembershipStatus.AlreadyMember => Problem.Of(ErrorCode.Conflict, "This person is a member already."),
            _ => WireJson.Created((await teams.MembersAsync(id, context.RequestAborted))
                .FirstOrDefault(one => string.Equals(one.Email, member.Email, StringComparison.OrdinalIgnoreCase))),
        };
    }

    public async Task<IResult> RemoveAsync(long id, long accountId, HttpContext context)
    {
        // Everyone may leave; only an owner may make somebody else leave.
        var isOwn = context.Features.Get<AccountIdentity>()?.AccountId == accountId;
        if (await RefuseAsync(id, context, isOwnerNeeded: !isOwn) is { } refusal)
        {
            return refusal;
        }

        return await teams.RemoveAsync(id, accountId, Caller.Of(context), context.RequestAborted) switch
        {
            MembershipStatus.LastOwner => Problem.Of(ErrorCode.Conflict, "A team needs an owner. Make somebody else one first."),
            MembershipStatus.NotAMember => Problem.Of(ErrorCode.NotFound, $"Account {accountId} is not a member."),
            _ => Results.NoContent(),
        };
    }

    public async Task<IResult> OpenSessionAsync(long id, HttpContext context) =>
        await teams.OpenSessionAsync(id, AccountIdentity.Of(context).AccountId, context.RequestAborted) is { } session
            ? WireJson.Created(session)
            : Unknown(id);

    private async Task<Problem?> RefuseAsync(long id, HttpContext context, bool isOwnerNeeded)
    {
        if (Caller.Of(context) == Caller.Operator)
        {
            return await accounts.FindAsync(id, context.RequestAborted) is { Kind: "team" } ? null : Unknown(id);
        }

        // The team's own session (from its own sign-in, or made by an operator) is as good as an owner's.
        var accountId = AccountIdentity.Of(context).AccountId;
        if (accountId == id)
        {
            return await accounts.FindAsync(id, context.RequestAborted) is { Kind: "team" } ? null : Unknown(id);
        }

        return await teams.RoleAsync(id, accountId, context.RequestAborted) switch
        {
            null => Unknown(id),
            TeamStore.Owner => null,
            _ => isOwnerNeeded ? Problem.Of(ErrorCode.Forbidden, "Only an owner of the team may do this.") : null,
        };
    }

    private static Problem Unknown(long id) => Problem.Of(ErrorCode.NotFound, $"There is no team {id}.");
}
