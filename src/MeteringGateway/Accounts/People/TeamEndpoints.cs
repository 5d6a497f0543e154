using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Accounts.People;

/// <summary>The routes of the calls on teams, their members and invitations.</summary>
internal static class TeamEndpoints
{
    public static IEndpointRouteBuilder MapTeams(this IEndpointRouteBuilder app)
    {
        var mine = app.MapGroup("/api/me/teams").RequireSession();
        mine.MapPost("", (RequestFields fields, HttpContext context, TeamHandlers handlers) => handlers.CreateAsync(fields, context));
        mine.MapGet("", (HttpContext context, TeamHandlers handlers) => handlers.ListAsync(context));
        mine.MapPost("/{id:long}/session", (long id, HttpContext context, TeamHandlers handlers) => handlers.OpenSessionAsync(id, context));
        var members = mine.MapGroup("/{id:long}/members");
        members.MapPost("", (long id, RequestFields fields, HttpContext context, InvitationHandlers handlers) =>
            handlers.InviteAsync(id, fields, context));
        MapMembers(members);
        MapInvitations(mine.MapGroup("/{id:long}/invitations"), app.MapGroup("/api/me/invitations").RequireSession());

        var ofAny = app.MapGroup("/admin/accounts/{id:long}/members").RequireOperator();
        ofAny.MapPost("", (long id, RequestFields fields, HttpContext context, MemberHandlers handlers) =>
            handlers.AddAsync(id, fields, context));
        MapMembers(ofAny);
        return app;
    }

    private static void MapMembers(RouteGroupBuilder members)
    {
        members.MapGet("", (long id, HttpContext context, MemberHandlers handlers) => handlers.ListAsync(id, context));
        members.MapPatch("/{accountId:long}", (
            long id, long accountId, RequestFields fields, HttpContext context, MemberHandlers handlers) =>
            handlers.ChangeAsync(id, accountId, fields, context));
        members.MapDelete("/{accountId:long}", (long id, long accountId, HttpContext context, MemberHandlers handlers) =>
            handlers.RemoveAsync(id, accountId, context));
    }

    private static void MapInvitations(RouteGroupBuilder sent, RouteGroupBuilder received)
    {
        sent.MapGet("", (long id, HttpContext context, InvitationHandlers handlers) => handlers.ListSentAsync(id, context));
        sent.MapDelete("/{invitationId:long}", (long id, long invitationId, HttpContext context, InvitationHandlers handlers) =>
            handlers.WithdrawAsync(id, invitationId, context));
        received.MapGet("", (HttpContext context, InvitationHandlers handlers) => handlers.ListAsync(context));
        received.MapPost("/{id:long}/accept", (long id, HttpContext context, InvitationHandlers handlers) =>
            handlers.AcceptAsync(id, context));
        received.MapPost("/{id:long}/decline", (long id, HttpContext context, InvitationHandlers handlers) =>
            handlers.DeclineAsync(id, context));
    }
}
