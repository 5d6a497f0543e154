using MeteringGateway.Authentication;

namespace MeteringGateway.Keys;

/// <summary>The routes of the calls on keys.</summary>
internal static class KeyEndpoints
{
    /// <summary>For the operator, on every key.</summary>
    public static IEndpointRouteBuilder MapKeys(this IEndpointRouteBuilder admin)
    {
        admin.MapPost("/accounts/{id:long}/keys", (long id, HttpContext context, KeyHandlers handlers) => handlers.CreateAsync(id, context))
            .Produces<KeyView>(StatusCodes.Status201Created);
        admin.MapGet("/accounts/{id:long}/keys", (long id, HttpContext context, KeyHandlers handlers) => handlers.ListAsync(id, context))
            .Produces<KeyPage>();
        admin.MapGet("/keys", (HttpContext context, KeyHandlers handlers) => handlers.SearchAsync(context)).Produces<KeyPage>();
        MapOneKey(admin.MapGroup("/keys/{id:long}"));
        return admin;
    }

    /// <summary>For an account's session, on its own keys.</summary>
    public static IEndpointRouteBuilder MapMyKeys(this IEndpointRouteBuilder app)
    {
        var mine = app.MapGroup("/api/me/keys").RequireSession();
        mine.MapPost("", (HttpContext context, KeyHandlers handlers) => handlers.CreateAsync(Own(context), context))
            .Produces<KeyView>(StatusCodes.Status201Created);
        mine.MapGet("", (HttpContext context, KeyHandlers handlers) => handlers.ListAsync(Own(context), context))
            .Produces<KeyPage>();
        MapOneKey(mine.MapGroup("/{id:long}"));
        return app;
    }

    private static void MapOneKey(RouteGroupBuilder key)
    {
        key.MapGet("", (long id, HttpContext context, KeyHandlers handlers) => handlers.GetAsync(id, context)).Produces<KeyView>();
        key.MapPatch("", (long id, HttpContext context, KeyHandlers handlers) => handlers.ChangeAsync(id, context)).Produces<KeyView>();
        key.MapPost("/rotate", (long id, HttpContext context, KeyHandlers handlers) => handlers.RotateAsync(id, context)).Produces<KeyView>();
        key.MapDelete("", (long id, HttpContext context, KeyHandlers handlers) => handlers.RevokeAsync(id, context)).Produces(StatusCodes.Status204NoContent);
    }

    private static long Own(HttpContext context) =>
        Caller.Of(context).AccountId ?? throw new InvalidOperationException("A session is always of an account.");
}
