using System.Threading.RateLimiting;
using Dapper;
using MeteringGateway.Accounts.Usage;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.Accounts.Overview;

/// <summary>
/// Reads an account at a glance, for those who look all the time: one script of Redis and one round trip to PostgreSQL, on the connections
/// of pages. What it shows may be a moment old and says so: an account's outbox is flushed for it once a second at most, and its sums are
/// brought up to the last charge as long as few ask. Any number of callers at once.
/// </summary>
internal sealed class OverviewReader(
    ConsoleDatabase database, BooksFlush books, UsageRollUp rollUp, KeyInspector inspector, TimeProvider time,
    ILogger<OverviewReader> log) : IDisposable
{
    private const int Entries = 8;
    private const int Days = 7;

    /// <summary>
    /// Of the gateway, for all accounts: a step of the roll-up for one account costs a transaction, and beyond this number the roll-up's
    /// own, of a hundred accounts at once, comes within its interval.
    /// </summary>
    private const int MostCatchUpsASecond = 10;

    private static readonly TimeSpan s_flushAge = TimeSpan.FromSeconds(1);
    private static readonly string s_read = SqlFile.Read("Accounts/Overview/read-overview.sql");

    private readonly TokenBucketRateLimiter _catchUps = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = MostCatchUpsASecond,
        TokensPerPeriod = MostCatchUpsASecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    });

    /// <exception cref="InvalidOperationException">There is no such account.</exception>
    public async Task<OverviewAnswer> ReadAsync(long account, CancellationToken cancellationToken)
    {
        var flushed = await FlushAsync(account, cancellationToken);
        var state = await inspector.AccountStateAsync(account, cancellationToken);
        var at = time.GetUtcNow();
        var read = await QueryAsync(account, flushed, cancellationToken);
        if (read.Row.IsBehind && await CatchUpAsync(account, cancellationToken))
        {
            read = await QueryAsync(account, flushed, cancellationToken);
        }

        var row = read.Row;
        var days = row.FirstHour is { } first ? Math.Clamp((decimal)(at - first).TotalDays, 1, Days) : Days;
        var usage = new OverviewUsage(
            row.CallsToday, row.CreditsToday, row.CallsThisMonth, row.CreditsThisMonth, row.CreditsLastWeek / days, read.Days);
        return new OverviewAnswer(
            state?.Balance, state?.Held, state?.MonthlyBudget.Limit, at, usage, read.Entries, row.ActiveKeys, row.IsRecharged, row.AsOf);
    }

    public void Dispose() => _catchUps.Dispose();

    /// <summary>A timestamp: charges before it are in the ledger. Null: what waits in the outbox can't be flushed now.</summary>
    private async Task<long?> FlushAsync(long account, CancellationToken cancellationToken)
    {
        try
        {
            return await books.FlushAsync(account, s_flushAge, cancellationToken);
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            log.LogDebug("The overview of account {Account} is shown as it is: {Reason}", account, e.Message);
            return null;
        }
    }

    /// <summary>False: nothing was done.</summary>
    private async Task<bool> CatchUpAsync(long account, CancellationToken cancellationToken)
    {
        using var turn = _catchUps.AttemptAcquire();
        if (!turn.IsAcquired)
        {
            return false;
        }

        try
        {
            await rollUp.CatchUpAsync(account, cancellationToken);
            return true;
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            log.LogDebug("The overview of account {Account} is shown as it is: {Reason}", account, e.Message);
            return false;
        }
    }

    private async Task<(Row Row, IReadOnlyList<OverviewDay> Days, IReadOnlyList<OverviewEntry> Entries)> QueryAsync(
        long account, long? flushed, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var now = time.GetUtcNow();
        var today = new DateTime(now.Year, now.Month, now.Day, 0, 0, 0, DateTimeKind.Utc);
        await using var answer = await connection.QueryMultipleAsync(new CommandDefinition(
            s_read,
            new
            {
                account,
                now = now.UtcDateTime,
                flushed_ago = flushed is { } at ? time.GetElapsedTime(at) : (TimeSpan?)null,
                today,
                month = today.AddDays(1 - today.Day),
                first_day = today.AddDays(1 - Days),
                week_ago = now.AddDays(-Days).UtcDateTime,
                entries = Entries,
            },
            cancellationToken: cancellationToken));
        var row = await answer.ReadSingleOrDefaultAsync<Row>() ?? throw new InvalidOperationException($"Account {account} is gone.");
        return (row, (await answer.ReadAsync<OverviewDay>()).AsList(), (await answer.ReadAsync<OverviewEntry>()).AsList());
    }

    private sealed record Row
    {
        public int ActiveKeys { get; init; }
        public bool IsRecharged { get; init; }
        public bool IsBehind { get; init; }
        public DateTimeOffset AsOf { get; init; }
        public long CallsToday { get; init; }
        public long CreditsToday { get; init; }
        public long CallsThisMonth { get; init; }
        public long CreditsThisMonth { get; init; }
        public long CreditsLastWeek { get; init; }
        public DateTimeOffset? FirstHour { get; init; }
    }
}
