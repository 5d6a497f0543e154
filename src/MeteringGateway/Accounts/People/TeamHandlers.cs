using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Flushing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.People;

/// <summary>The calls on teams. A team does not exist for a caller that is not in it.</summary>
internal sealed class TeamHandlers(TeamStore teams, BooksFlush flush)
{
    public async Task<Results<Created<TeamView>, Problem>> CreateAsync(RequestFields fields, HttpContext context)
    {
        var fullName = fields.Text("full_name", AccountChange.MaxName, required: true);
        fields.RefuseOthers();
        if (fields.Errors.Count > 0)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        var team = await teams.CreateAsync(fullName!, AccountIdentity.Of(context).AccountId, Caller.Of(context), context.RequestAborted);
        return team is null
            ? Problem.Of(ErrorCode.Forbidden, "Only a person's account can have teams.")
            : WireJson.Created(new TeamView
            {
                Id = team.Id,
                FullName = team.FullName,
                Role = TeamRole.Owner,
                Status = team.Status,
                CreatedAt = team.CreatedAt,
            });
    }

    public async Task<Results<Ok<TeamList>, Problem>> ListAsync(HttpContext context)
    {
        var accountId = AccountIdentity.Of(context).AccountId;
        var mine = await teams.ListAsync(accountId, context.RequestAborted);

        // First which teams, then what waits in their outboxes, then their balances as they are now.
        return await flush.FlushAsync(mine.Select(team => team.Id), context.RequestAborted)
            ? WireJson.Ok(new TeamList(await teams.ListAsync(accountId, context.RequestAborted)))
            : Problem.Of(ErrorCode.MeteringUnavailable, "Balances are being brought up to date after a loss of Redis.");
    }

    public async Task<Results<Created<SessionView>, Problem>> OpenSessionAsync(long id, HttpContext context)
    {
        var (status, session) = await teams.OpenSessionAsync(
            id, AccountIdentity.Of(context).AccountId, Caller.Of(context), context.RequestAborted);
        return session is not null ? WireJson.Created(session)
            : status == MembershipStatus.CallerEnded ? Problem.InvalidKey
            : TeamAccess.Unknown(id);
    }
}
