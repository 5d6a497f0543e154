using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.PaymentEvents;
using MeteringGateway.Sales.Payments;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace MeteringGateway.Sales.PaymentOperations;

/// <summary>The operator's view of what was ordered and paid, and what providers told of it.</summary>
internal static class PaymentOperationEndpoints
{
    /// <summary>A sweeper takes a paid order up within ten seconds: what is open after a minute does not come by itself.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private static readonly string List = SqlFile.Read("Sales/PaymentOperations/list-payments.sql");
    private static readonly string[] s_outcomes = Enum.GetNames<EventOutcome>();

    public static IEndpointRouteBuilder MapPaymentOperations(this IEndpointRouteBuilder admin)
    {
        var payments = admin.MapGroup("/payments");
        payments.MapGet("", ListAsync);
        payments.MapGet("/events", ListEventsAsync);
        payments.MapPost("/events/{channel}/{event_id}/resolve", ResolveAsync);
        return admin;
    }

    private static async Task<Results<Ok<PaymentPage>, Problem>> ListAsync(
        HttpContext context, NpgsqlDataSource database, PaymentChannels channels, TimeProvider time)
    {
        var query = new QueryFields(context.Request.Query);
        var (status, channel) = (query.OneOf("status", OrderStatus.All), query.OneOf("channel", channels.Names));
        var accountId = query.Whole("account_id", 1, long.MaxValue, "must be the number of an account");
        var page = Page.Read(query);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var paidBefore = time.GetUtcNow() - s_patience;
        var (rows, total) = await database.QueryPageAsync<PaymentView>(
            List, new { status, channel, accountId, paidBefore, limit = page.Limit, offset = page.Offset }, context.RequestAborted);
        return WireJson.Ok(new PaymentPage(rows, total, page.Limit, page.Offset));
    }

    private static async Task<Results<Ok<PaymentEventPage>, Problem>> ListEventsAsync(
        HttpContext context, PaymentEventLog events, PaymentChannels channels)
    {
        var query = new QueryFields(context.Request.Query);
        var filter = new PaymentEventFilter(
            query.OneOf("channel", channels.Names), query.OneOf("outcome", s_outcomes), query.Flag("needs_person"));
        var page = Page.Read(query);
        return query.Problem is { } problem ? problem : WireJson.Ok(await events.ListAsync(filter, page, context.RequestAborted));
    }

    private static async Task<Results<Ok<PaymentEventView>, Problem>> ResolveAsync(
        string channel, [FromRoute(Name = "event_id")] string eventId, HttpContext context, PaymentEventLog events)
    {
        var known = WireText.IsStorable(channel) && WireText.IsStorable(eventId)
            ? await events.ResolveAsync(channel, eventId, Caller.Of(context), context.RequestAborted)
            : null;
        return known is null ? Problem.Of(ErrorCode.NotFound, "There is no such event.")
            : known.ResolvedAt is null ? Problem.Of(ErrorCode.Conflict, $"Nobody has to deal with this event: it ended as {known.Outcome}.")
            : WireJson.Ok(known);
    }
}
