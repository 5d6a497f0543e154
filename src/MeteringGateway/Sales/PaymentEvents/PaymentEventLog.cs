using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.PaymentEvents;

/// <summary>What a provider told, and what came of it. Its body is nobody's to read here: it names customers and cards.</summary>
internal sealed record PaymentEventView
{
    public required string Channel { get; init; }
    public required string EventId { get; init; }

    /// <summary>In the provider's words: <c>invoice.paid</c>.</summary>
    public required string Type { get; init; }
    public required string Outcome { get; init; }
    public long? OrderId { get; init; }
    public string? PaymentId { get; init; }

    /// <summary>In which its objects are written; null: the provider has no versions, or did not say.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>By the provider's clock.</summary>
    public DateTimeOffset? OccurredAt { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Money came in, or went, nothing here could take it, and nobody has said yet that it is dealt with.</summary>
    public bool NeedsPerson { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
    public string? ResolvedBy { get; init; }
}

/// <summary>Newest first.</summary>
internal sealed record PaymentEventPage(IReadOnlyList<PaymentEventView> Events, long Total, int Limit, int Offset);

/// <summary>Which events are asked for; null: any.</summary>
internal readonly record struct PaymentEventFilter(string? Channel, string? Outcome, bool? NeedsPerson);

/// <summary>The events that were taken, for operators. Any number of callers at once.</summary>
internal sealed class PaymentEventLog(NpgsqlDataSource database)
{
    private static readonly string List = SqlFile.Read("Sales/PaymentEvents/list-payment-events.sql");
    private static readonly string Get = SqlFile.Read("Sales/PaymentEvents/get-payment-event.sql");
    private static readonly string Resolve = SqlFile.Read("Sales/PaymentEvents/resolve-payment-event.sql");

    public async Task<PaymentEventPage> ListAsync(PaymentEventFilter filter, Page page, CancellationToken cancellationToken)
    {
        var (rows, total) = await database.QueryPageAsync<PaymentEventView>(
            List,
            new
            {
                channel = filter.Channel,
                outcome = filter.Outcome,
                needsPerson = filter.NeedsPerson,
                limit = page.Limit,
                offset = page.Offset,
            },
            cancellationToken);
        return new PaymentEventPage(rows, total, page.Limit, page.Offset);
    }

    /// <summary>
    /// Notes who has dealt with an event that needs a person; of two the first stays. One that needs nobody is left as it is.
    /// </summary>
    /// <returns>The event as it then stands; null: there is no such event.</returns>
    public async Task<PaymentEventView?> ResolveAsync(
        string channel, string eventId, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var isNoted = await connection.ExecuteAsync(new CommandDefinition(
            Resolve, new { channel, eventId, actor = caller.Actor }, transaction, cancellationToken: cancellationToken)) > 0;
        var row = await connection.QuerySingleOrDefaultAsync<PaymentEventView>(
            new CommandDefinition(Get, new { channel, eventId }, transaction, cancellationToken: cancellationToken));
        if (isNoted)
        {
            var after = new { row!.Outcome, row.OrderId, row.PaymentId, row.ResolvedBy };
            await AuditTrail.WriteAsync(
                transaction, new AuditEntry(caller.Actor, "payment_event.resolved", $"payment_event:{channel}:{eventId}", null, after),
                cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return row;
    }
}
