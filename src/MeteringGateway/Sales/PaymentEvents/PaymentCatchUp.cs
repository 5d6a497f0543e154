using System.Collections.Concurrent;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Payments;
using Npgsql;

namespace MeteringGateway.Sales.PaymentEvents;

/// <summary>
/// Reads the providers' own lists of what happened, at the start and every hour: a provider gives up sending after some hours or days, and
/// what was lost meanwhile is found there. An event that came is taken no second time. Any number of gateways may do it at once.
/// </summary>
internal sealed class PaymentCatchUp(
    IEnumerable<IPaymentHistory> histories, IEnumerable<IPaymentWebhook> webhooks, WebhookFlow flow, NpgsqlDataSource database,
    TimeProvider time, ILogger<PaymentCatchUp> logger)
{
    /// <summary>How often it is looked whether a list is due, so also when one that could not be read is tried again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>What was misread can be read again for as long; providers keep their own lists as long.</summary>
    public static readonly TimeSpan KeepsBodies = TimeSpan.FromDays(30);

    /// <summary>How far the first list of a database reaches back.</summary>
    private static readonly TimeSpan s_first = TimeSpan.FromDays(3);

    /// <summary>An event may be listed a while after it happened, and clocks differ.</summary>
    private static readonly TimeSpan s_overlap = TimeSpan.FromMinutes(30);

    /// <summary>The whole list is read again then: not every minute.</summary>
    private static readonly TimeSpan s_afterAFailure = TimeSpan.FromMinutes(10);

    private static readonly string s_read = SqlFile.Read("Sales/PaymentEvents/read-catch-up.sql");
    private static readonly string s_note = SqlFile.Read("Sales/PaymentEvents/note-catch-up.sql");
    private static readonly string s_forgetBodies = SqlFile.Read("Sales/PaymentEvents/forget-bodies.sql");

    /// <summary>The channels that this process has read since it began.</summary>
    private readonly ConcurrentDictionary<string, bool> _read = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _notBefore = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var history in histories.Where(history => history.IsOpen))
        {
            var now = time.GetUtcNow();

            // Dapper hands a lone timestamp back as what Npgsql makes of it, a DateTime in UTC.
            DateTimeOffset? seen = await database.QuerySingleOrDefaultAsync<DateTime?>(
                s_read, new { channel = history.Channel }, cancellationToken);
            if ((seen is { } until && now - until < Period && _read.ContainsKey(history.Channel))
                || now < _notBefore.GetValueOrDefault(history.Channel))
            {
                continue;
            }

            if (await ReadAsync(history, (seen ?? now - s_first) - s_overlap, cancellationToken))
            {
                await database.ExecuteAsync(s_note, new { channel = history.Channel, now }, cancellationToken);
                _read[history.Channel] = true;
            }
            else
            {
                _notBefore[history.Channel] = now + s_afterAFailure;
            }
        }

        await database.ExecuteAsync(s_forgetBodies, new { before = time.GetUtcNow() - KeepsBodies }, cancellationToken);
    }

    /// <summary>
    /// False: it could not be read to its end, or one of its events could not be taken; the others were, and it is read again from where it
    /// began.
    /// </summary>
    private async Task<bool> ReadAsync(IPaymentHistory history, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var webhook = webhooks.Single(webhook => webhook.Channel == history.Channel);
        var (found, isWhole) = (0, true);
        try
        {
            await foreach (var past in history.ListAsync(since, cancellationToken))
            {
                switch (await flow.TakeAsync(webhook, past.Said, past.Body, cancellationToken))
                {
                    case null:
                        isWhole = false;
                        break;
                    case EventOutcome.Paid:
                    case EventOutcome.Noted when past.Body is not null:
                        found++;
                        break;
                    default:
                        break;
                }
            }
        }
        catch (PaymentUnavailableException e)
        {
            logger.LogWarning("The list of {Channel} can't be read now: {Reason}", history.Channel, e.Message);
            return false;
        }

        if (found > 0)
        {
            logger.LogWarning(
                "{Count} events of {Channel} were found in its list and had come by no webhook: is its address right there?",
                found, history.Channel);
        }

        return isWhole;
    }
}
