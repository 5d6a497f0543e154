using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Accounts.Notices;

/// <summary>
/// Takes notices to their webhooks. A delivery is leased to the gateway that tries it; if that one dies, another tries it again after the
/// lease, so a receiver gets each notice at least once and knows a second one by its id.
/// </summary>
internal sealed class WebhookSender(
    NpgsqlDataSource database, WebhookClient client, WebhookSecret secrets, IOptions<NoticesOptions> options,
    TimeProvider time, ILogger<WebhookSender> logger)
    : BackgroundService
{
    private static readonly string Lease = SqlFile.Read("Accounts/Notices/lease-deliveries.sql");
    private static readonly string Finish = SqlFile.Read("Accounts/Notices/finish-delivery.sql");
    private static readonly string Bury = SqlFile.Read("Accounts/Notices/bury-orphans.sql");

    /// <summary>At once, here: receivers that hang until the timeout hold up this many.</summary>
    private const int BatchSize = 32;

    /// <summary>Of one account at once.</summary>
    private const int PerAccount = 4;
    private const int LongestError = 500;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Sending webhooks", options.Value.Interval, SendDueAsync, time, logger, stoppingToken);

    /// <summary>Tries everything that is due now.</summary>
    internal async Task SendDueAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(Bury, new { }, cancellationToken);
        IReadOnlyList<DueDelivery> due;
        do
        {
            due = await LeaseAsync(cancellationToken);
            await Task.WhenAll(due.Select(delivery => SendAsync(delivery, cancellationToken)));
        }
        while (due.Count > 0);
    }

    private async Task SendAsync(DueDelivery due, CancellationToken cancellationToken)
    {
        var secret = await secrets.OfAsync(due.AccountId, due.Nonce, cancellationToken);
        var error = await client.SendAsync(due.Url, secret, NoticeView.Of(due), cancellationToken);
        var pause = error is null ? null : RetrySchedule.After(options.Value, due.Attempts, Random.Shared.NextDouble());
        var status = error is null ? "delivered" : pause is null ? "dead" : "pending";
        if (status == "dead")
        {
            logger.LogWarning(
                "Notice {Notice} of account {Account} is a dead letter after {Attempts} attempts: {Error}",
                due.Id, due.AccountId, due.Attempts, error);
        }

        var finished = new
        {
            id = due.Id,
            attempts = due.Attempts,
            status,
            pauseSeconds = pause?.TotalSeconds ?? 0,
            error = error?[..Math.Min(error.Length, LongestError)],
        };

        // On its own: what was sent is to be remembered even while the gateway stops.
        await ExecuteAsync(Finish, finished, CancellationToken.None);
    }

    private async Task<IReadOnlyList<DueDelivery>> LeaseAsync(CancellationToken cancellationToken)
    {
        // Long enough for the attempt and its note; another gateway may take over after it.
        var leaseSeconds = (options.Value.Timeout + TimeSpan.FromSeconds(20)).TotalSeconds;
        return await database.QueryAsync<DueDelivery>(
            Lease, new { leaseSeconds, perAccount = PerAccount, limit = BatchSize }, cancellationToken);
    }

    private async Task ExecuteAsync(string statement, object parameters, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(statement, parameters, cancellationToken);
    }
}
