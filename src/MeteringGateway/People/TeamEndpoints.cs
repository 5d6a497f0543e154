using MeteringGateway.Accounts;
using MeteringGateway.Authentication;

namespace MeteringGateway.People;

/// <summary>The routes of the calls on teams, their members and invitations.</summary>
internal static class TeamEndpoints
{
    public static IEndpointRouteBuilder MapTeams(this IEndpointRouteBuilder app)
    {
        var mine = app.MapGroup("/api/me/teams").RequireSession();
        mine.MapPost("", (HttpContext context, TeamHandlers handlers) => handlers.CreateAsync(context)).Produces<TeamView>(StatusCodes.Status201Created);
        mine.MapGet("", (HttpContext context, TeamHandlers handlers) => handlers.ListAsync(context)).Produces<TeamList>();
        mine.MapPost("/{id:long}/session", (long id, HttpContext context, TeamHandlers handlers) => handlers.OpenSessionAsync(id, context))
            .Produces<SessionView>(StatusCodes.Status201Created);
        var members = mine.MapGroup("/{id:long}/members");
        members.MapPost("", (long id, HttpContext context, InvitationHandlers handlers) => handlers.InviteAsync(id, context))
            .Produces<InvitedView>(StatusCodes.Status202Accepted);
        MapMembers(members);
        MapInvitations(mine.MapGroup("/{id:long}/invitations"), app.MapGroup("/api/me/invitations").RequireSession());

        var ofAny = app.MapGroup("/admin/accounts/{id:long}/members").RequireOperator();
        ofAny.MapPost("", (long id, HttpContext context, MemberHandlers handlers) => handlers.AddAsync(id, context))
            .Produces<MemberView>(StatusCodes.Status201Created);
        MapMembers(ofAny);
        return app;
    }

    private static void MapMembers(RouteGroupBuilder members)
    {
        members.MapGet("", (long id, HttpContext context, MemberHandlers handlers) => handlers.ListAsync(id, context)).Produces<MemberList>();
        members.MapPatch("/{accountId:long}", (long id, long accountId, HttpContext context, MemberHandlers handlers) => handlers.ChangeAsync(id, accountId, context))
            .Produces<MemberView>();
        members.MapDelete("/{accountId:long}", (long id, long accountId, HttpContext context, MemberHandlers handlers) => handlers.RemoveAsync(id, accountId, context))
            .Produces(StatusCodes.Status204NoContent);
    }

    private static void MapInvitations(RouteGroupBuilder sent, RouteGroupBuilder received)
    {
        sent.MapGet("", (long id, HttpContext context, InvitationHandlers handlers) => handlers.ListSentAsync(id, context)).Produces<SentInvitationList>();
        sent.MapDelete("/{invitationId:long}", (long id, long invitationId, HttpContext context, InvitationHandlers handlers) =>
            handlers.WithdrawAsync(id, invitationId, context)).Produces(StatusCodes.Status204NoContent);
        received.MapGet("", (HttpContext context, InvitationHandlers handlers) => handlers.ListAsync(context)).Produces<InvitationList>();
        received.MapPost("/{id:long}/accept", (long id, HttpContext context, InvitationHandlers handlers) => handlers.AcceptAsync(id, context)).Produces<TeamView>();
        received.MapPost("/{id:long}/decline", (long id, HttpContext context, InvitationHandlers handlers) => handlers.DeclineAsync(id, context))
            .Produces(StatusCodes.Status204NoContent);
    }
}
