using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.Notices;

/// <summary>The routes of events, their dead letters, webhooks and the low-balance threshold.</summary>
internal static class NoticeEndpoints
{
    /// <summary>For the operator.</summary>
    public static IEndpointRouteBuilder MapNotices(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/events", (HttpContext context, NoticeStore notices) => ListAsync(context, notices, null, onlyDead: false));
        admin.MapGet("/events/dead-letters", (HttpContext context, NoticeStore notices) =>
            ListAsync(context, notices, null, onlyDead: true));
        admin.MapPost("/events/dead-letters/{id:long}/redeliver", RedeliverAsync);
        var webhook = admin.MapGroup("/accounts/{id:long}/webhook");
        webhook.MapPut("", (long id, RequestFields fields, HttpContext context, WebhookHandlers handlers) =>
            handlers.PutAsync(id, fields, context));
        webhook.MapGet("", (long id, HttpContext context, WebhookHandlers handlers) => handlers.GetAsync(id, context));
        webhook.MapDelete("", (long id, HttpContext context, WebhookHandlers handlers) => handlers.DeleteAsync(id, context));
        return admin;
    }

    /// <summary>For an account's session, on what is its own.</summary>
    public static IEndpointRouteBuilder MapMyNotices(this IEndpointRouteBuilder app)
    {
        var mine = app.MapGroup("/api/me").RequireSession();
        mine.MapGet("/events", (HttpContext context, NoticeStore notices) => ListAsync(context, notices, Own(context), onlyDead: false));
        mine.MapGet("/notices", GetSettingsAsync);
        mine.MapGet("/webhook", (HttpContext context, WebhookHandlers handlers) => handlers.GetAsync(Own(context), context));
        var bound = mine.MapGroup("").RequireMoneyRole();
        bound.MapPatch("/notices", ChangeSettingsAsync);
        bound.MapPut("/webhook", (RequestFields fields, HttpContext context, WebhookHandlers handlers) =>
            handlers.PutAsync(Own(context), fields, context));
        bound.MapDelete("/webhook", (HttpContext context, WebhookHandlers handlers) => handlers.DeleteAsync(Own(context), context));
        return app;
    }

    private static async Task<Results<Ok<NoticePage>, Problem>> ListAsync(
        HttpContext context, NoticeStore notices, long? only, bool onlyDead)
    {
        var (query, problem) = NoticeQuery.Read(context.Request.Query);
        return problem is not null
            ? problem
            : WireJson.Ok(await notices.ListAsync(only ?? query.AccountId, query.Type, onlyDead, query.Page, context.RequestAborted));
    }

    private static async Task<Results<Accepted, Problem>> RedeliverAsync(
        long id, NoticeStore notices, CancellationToken cancellationToken) =>
        await notices.RedeliverAsync(id, cancellationToken)
            ? TypedResults.Accepted((string?)null)
            : Problem.Of(ErrorCode.NotFound, $"There is no dead letter {id}.");

    private static async Task<Ok<NoticeSettings>> GetSettingsAsync(HttpContext context, AccountStore accounts) =>
        WireJson.Ok(new NoticeSettings((await accounts.FindAsync(Own(context), context.RequestAborted))?.LowBalanceMark));

    private static async Task<Results<Ok<NoticeSettings>, Problem>> ChangeSettingsAsync(
        RequestFields fields, HttpContext context, AccountStore accounts)
    {
        // Redis does not know the threshold, so nothing has to be taken there before it holds; the version that rose is caught up with
        // in the background.
        var changed = await accounts.ChangeAsync(
            Own(context), current => AccountChange.ReadOwn(fields, current), Caller.Of(context), context.RequestAborted);
        return changed is null ? Problem.InvalidRequest(fields.Errors) : WireJson.Ok(new NoticeSettings(changed.LowBalanceMark));
    }

    private static long Own(HttpContext context) =>
        Caller.Of(context).AccountId ?? throw new InvalidOperationException("A session is always of an account.");
}
