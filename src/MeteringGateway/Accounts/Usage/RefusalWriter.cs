using MeteringGateway.Calls.History;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Accounts.Usage;

/// <summary>
/// Writes the counts of refused calls every few seconds, and what is left at a stop. Counts are no money: those that a gateway had not
/// written when it died are gone.
/// </summary>
internal sealed class RefusalWriter(
    NpgsqlDataSource database, RefusalCounts counts, IOptions<UsageOptions> options, TimeProvider time, ILogger<RefusalWriter> log)
    : BackgroundService
{
    /// <summary>How long a stopping gateway tries.</summary>
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(3);

    private static readonly string s_add = SqlFile.Read("Accounts/Usage/add-refusals.sql");

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = new CancellationTokenSource(s_drain, time);
        try
        {
            await WriteAsync(patience.Token);
        }
        catch (Exception e) when (RetryLoop.IsAway(e) || e is OperationCanceledException)
        {
            log.LogWarning("The last refusals could not be counted before the stop: {Reason}", e.Message);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Counting refusals", options.Value.RefusalInterval, WriteAsync, time, log, stoppingToken);

    /// <summary>Writes what is counted; where PostgreSQL does not take it, it is counted again.</summary>
    internal async Task WriteAsync(CancellationToken cancellationToken)
    {
        var taken = counts.Take();
        if (taken.Count == 0)
        {
            return;
        }

        var (kinds, calls) = (taken.Keys.ToList(), taken.Values.ToArray());
        try
        {
            await database.ExecuteAsync(
                s_add,
                new
                {
                    accounts = kinds.Select(kind => kind.AccountId).ToArray(),
                    hours = kinds.Select(kind => DateTimeOffset.FromUnixTimeSeconds(kind.Hour * 3600).UtcDateTime).ToArray(),
                    keys = kinds.Select(kind => kind.KeyId).ToArray(),
                    surfaces = kinds.Select(kind => kind.Surface ?? "").ToArray(),
                    codes = kinds.Select(kind => kind.Code).ToArray(),
                    calls,
                },
                cancellationToken);
        }
        catch
        {
            // Where only the answer of PostgreSQL got lost they count twice: better than none, for a number that no money hangs on.
            counts.GiveBack(taken);
            throw;
        }
    }
}
