using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Accounts.Keys;

/// <summary>The routes of the calls on keys.</summary>
internal static class KeyEndpoints
{
    /// <summary>For the operator, on every key.</summary>
    public static IEndpointRouteBuilder MapKeys(this IEndpointRouteBuilder admin)
    {
        admin.MapPost("/accounts/{id:long}/keys", (long id, RequestFields fields, HttpContext context, KeyHandlers handlers) =>
            handlers.CreateAsync(id, fields, context));
        admin.MapGet("/accounts/{id:long}/keys", (long id, HttpContext context, KeyHandlers handlers) => handlers.ListAsync(id, context));
        admin.MapGet("/keys", (HttpContext context, KeyHandlers handlers) => handlers.SearchAsync(context));
        MapOneKey(admin.MapGroup("/keys/{id:long}"));
        return admin;
    }

    /// <summary>For an account's session, on its own keys.</summary>
    public static IEndpointRouteBuilder MapMyKeys(this IEndpointRouteBuilder app)
    {
        var mine = app.MapGroup("/api/me/keys").RequireSession();
        mine.MapPost("", (RequestFields fields, HttpContext context, KeyHandlers handlers) =>
            handlers.CreateAsync(Own(context), fields, context));
        mine.MapGet("", (HttpContext context, KeyHandlers handlers) => handlers.ListAsync(Own(context), context));
        MapOneKey(mine.MapGroup("/{id:long}"));
        return app;
    }

    private static void MapOneKey(RouteGroupBuilder key)
    {
        key.MapGet("", (long id, HttpContext context, KeyHandlers handlers) => handlers.GetAsync(id, context));
        key.MapPatch("", (long id, RequestFields fields, HttpContext context, KeyHandlers handlers) =>
            handlers.ChangeAsync(id, fields, context));
        key.MapPost("/rotate", (long id, [OptionalBody] RequestFields fields, HttpContext context, KeyHandlers handlers) =>
            handlers.RotateAsync(id, fields, context));
        key.MapDelete("", (long id, HttpContext context, KeyHandlers handlers) => handlers.RevokeAsync(id, context));
    }

    private static long Own(HttpContext context) =>
        Caller.Of(context).AccountId ?? throw new InvalidOperationException("A session is always of an account.");
}
