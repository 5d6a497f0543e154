using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Telemetry;
using Npgsql;

namespace MeteringGateway.Sales.PaymentOperations;

/// <summary>Counts what waits for somebody where money comes in, for the metrics. One caller, again and again.</summary>
internal sealed class PaymentLook(NpgsqlDataSource database, PaymentChannels channels, PaymentMetrics metrics, TimeProvider time)
{
    /// <summary>A scrape comes as rarely.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>A customer at a page takes minutes; what is open after an hour is a page that was left, or a payment that hangs.</summary>
    private static readonly TimeSpan s_atAPage = TimeSpan.FromHours(1);

    /// <summary>Providers tell of a payment within seconds, and try again within minutes.</summary>
    private static readonly TimeSpan s_told = TimeSpan.FromMinutes(15);

    /// <summary>An event that pays an order is received a moment before it is paid, by another clock.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromMinutes(5);

    /// <summary>What was paid while a webhook was away a week ago concerns nobody who looks now.</summary>
    private static readonly TimeSpan s_past = TimeSpan.FromDays(7);

    private static readonly string Count = SqlFile.Read("Sales/PaymentOperations/count-waiting-payments.sql");
    private static readonly string CountChannels = SqlFile.Read("Sales/PaymentOperations/count-channels.sql");

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        metrics.Note((await database.QuerySingleAsync<WaitingPayments>(Count, null, cancellationToken)).ToCounts());

        // Where the sandbox stands in for a provider, the provider tells nothing of what it sells.
        var now = time.GetUtcNow();
        var real = new
        {
            channels = channels.Names.Where(channels.IsReal).ToArray(),
            pendingBefore = now - s_atAPage,
            paidAfter = now - s_past,
            paidBefore = now - s_told,
            slack = s_slack,
        };
        foreach (var row in await database.QueryAsync<ChannelRow>(CountChannels, real, cancellationToken))
        {
            metrics.Note(new ChannelCounts(row.Channel, row.LastEventAt, row.Pending, row.Untold));
        }
    }

    private sealed record WaitingPayments
    {
        public long Unfulfilled { get; init; }
        public DateTimeOffset? UnfulfilledSince { get; init; }
        public long EventsOpen { get; init; }
        public long DebtCredits { get; init; }
        public long RechargesStopped { get; init; }
        public long Reversals { get; init; }
        public DateTimeOffset? ReversalsSince { get; init; }

        public PaymentCounts ToCounts() =>
            new(Unfulfilled, UnfulfilledSince, EventsOpen, DebtCredits, RechargesStopped, Reversals, ReversalsSince);
    }

    private sealed record ChannelRow
    {
        public required string Channel { get; init; }
        public DateTimeOffset? LastEventAt { get; init; }
        public long Pending { get; init; }
        public long Untold { get; init; }
    }
}
