using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Accounts.People;

/// <summary>Which member may ask for what of a team. A team does not exist for a caller that is not in it.</summary>
internal sealed class TeamAccess(TeamStore teams, AccountStore accounts)
{
    /// <summary>Null: go on.</summary>
    public async Task<Problem?> RefuseAsync(long id, HttpContext context, bool isOwnerNeeded)
    {
        // The team's own session (from its own sign-in, or made by an operator) is as good as an owner's.
        if (Actor(id, context) is not { } person)
        {
            return await accounts.FindAsync(id, context.RequestAborted) is { Kind: "team" } ? null : Unknown(id);
        }

        return await teams.RoleAsync(id, person, context.RequestAborted) switch
        {
            null => Unknown(id),
            TeamRole.Owner => null,
            _ => isOwnerNeeded ? OwnerNeeded : null,
        };
    }

    /// <summary>The person that acts as a member; null: the operator, or the team itself.</summary>
    public static long? Actor(long id, HttpContext context) =>
        Caller.Of(context).IsOperator || AccountIdentity.Of(context).AccountId == id ? null : AccountIdentity.Of(context).AccountId;

    public static Problem OwnerNeeded { get; } = Problem.Of(ErrorCode.RoleRequired, "Only an owner of the team may do this.");

    public static Problem Unknown(long id) => Problem.Of(ErrorCode.NotFound, $"There is no team {id}.");
}
