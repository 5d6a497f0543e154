using MeteringGateway.Accounts;
using MeteringGateway.Authentication;

namespace MeteringGateway.People;

/// <summary>The routes of the calls on teams.</summary>
internal static class TeamEndpoints
{
    public static IEndpointRouteBuilder MapTeams(this IEndpointRouteBuilder app)
    {
        var mine = app.MapGroup("/api/me/teams").RequireSession();
        mine.MapPost("", (HttpContext context, TeamHandlers handlers) => handlers.CreateAsync(context)).Produces<TeamView>(StatusCodes.Status201Created);
        mine.MapGet("", (HttpContext context, TeamHandlers handlers) => handlers.ListAsync(context)).Produces<TeamList>();
        mine.MapPost("/{id:long}/session", (long id, HttpContext context, TeamHandlers handlers) => handlers.OpenSessionAsync(id, context))
            .Produces<SessionView>(StatusCodes.Status201Created);
        MapMembers(mine.MapGroup("/{id:long}/members"));
        MapMembers(app.MapGroup("/admin/accounts/{id:long}/members").RequireOperator());
        return app;
    }

    private static void MapMembers(RouteGroupBuilder members)
    {
        members.MapGet("", (long id, HttpContext context, TeamHandlers handlers) => handlers.MembersAsync(id, context)).Produces<MemberList>();
        members.MapPost("", (long id, HttpContext context, TeamHandlers handlers) => handlers.AddAsync(id, context)).Produces<MemberView>(StatusCodes.Status201Created);
        members.MapDelete("/{accountId:long}", (long id, long accountId, HttpContext context, TeamHandlers handlers) => handlers.RemoveAsync(id, accountId, context))
            .Produces(StatusCodes.Status204NoContent);
    }
}
