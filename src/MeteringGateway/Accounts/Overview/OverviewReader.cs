using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Dapper;
using MeteringGateway.Accounts.Usage;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.Accounts.Overview;

/// <summary>
/// Reads an account at a glance, for those who look all the time: one script of Redis and one round trip to PostgreSQL, on the connections
/// of pages. As long as few ask, it flushes the account's outbox and brings its sums up to the last charge; beyond that it shows what the
/// flusher and the roll-up have brought within the last second or two, and says of when it is. Any number of callers at once; those of one
/// account share a read.
/// </summary>
internal sealed class OverviewReader(
    ConsoleDatabase database, BooksFlush books, UsageRollUp rollUp, KeyInspector inspector, TimeProvider time,
    ILogger<OverviewReader> log) : IDisposable
{
    private const int Entries = 8;
    private const int Days = 7;

    /// <summary>
    /// Looks that find all up to the last charge, of the gateway, for all accounts. Each costs a flush and a step of the roll-up, and a
    /// write to the disk that the calls wait for as well; beyond this number the flusher's own and the roll-up's, of all accounts
    /// together, come within their intervals.
    /// </summary>
    private const int FreshLooksASecond = 3;
    private const int FreshLooksAtOnce = 10;

    private static readonly TimeSpan s_flushAge = TimeSpan.FromSeconds(1);
    private static readonly string s_read = SqlFile.Read("Accounts/Overview/read-overview.sql");

    /// <summary>Reads that are under way: those who ask for the same account meanwhile share one, and it takes one connection.</summary>
    private readonly ConcurrentDictionary<long, Lazy<Task<OverviewAnswer>>> _reading = new();

    private readonly TokenBucketRateLimiter _freshLooks = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = FreshLooksAtOnce,
        TokensPerPeriod = FreshLooksASecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    });

    /// <exception cref="InvalidOperationException">There is no such account.</exception>
    public Task<OverviewAnswer> ReadAsync(long account, CancellationToken cancellationToken) =>
        _reading.GetOrAdd(account, id => new Lazy<Task<OverviewAnswer>>(() => ReadOnceAsync(id))).Value.WaitAsync(cancellationToken);

    private async Task<OverviewAnswer> ReadOnceAsync(long account)
    {
        // Off the caller's thread, for the read takes itself out again.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await ReadNowAsync(account, CancellationToken.None);
        }
        finally
        {
            _reading.TryRemove(account, out _);
        }
    }

    private async Task<OverviewAnswer> ReadNowAsync(long account, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        using var fresh = _freshLooks.AttemptAcquire();
        var flushed = await FlushAsync(account, fresh.IsAcquired ? TimeSpan.Zero : s_flushAge, cancellationToken);
        var state = await inspector.AccountStateAsync(account, cancellationToken);
        var read = await QueryAsync(account, cancellationToken);
        if (fresh.IsAcquired && read.Row.FirstUncounted is not null && await CatchUpAsync(account, cancellationToken))
        {
            read = await QueryAsync(account, cancellationToken);
        }

        var row = read.Row;
        var days = row.FirstHour is { } first ? Math.Clamp((decimal)(at - first).TotalDays, 1, Days) : Days;
        var usage = new OverviewUsage(
            row.CallsToday, row.CreditsToday, row.CallsThisMonth, row.CreditsThisMonth, row.CreditsLastWeek / days, read.Days);
        return new OverviewAnswer(
            state?.Balance, state?.Held, state?.MonthlyBudget.Limit, at, usage, read.Entries, row.ActiveKeys, row.IsRecharged,
            row.AsOf(flushed is { } since ? time.GetElapsedTime(since) : null));
    }

    public void Dispose() => _freshLooks.Dispose();

    /// <summary>A timestamp: charges before it are in the ledger. Null: what waits in the outbox can't be flushed now.</summary>
    private async Task<long?> FlushAsync(long account, TimeSpan age, CancellationToken cancellationToken)
    {
        try
        {
            return await books.FlushAsync(account, age, cancellationToken);
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
        long account, CancellationToken cancellationToken)
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

    private sealed record Row : UsageAge
    {
        public int ActiveKeys { get; init; }
        public bool IsRecharged { get; init; }
        public long CallsToday { get; init; }
        public long CreditsToday { get; init; }
        public long CallsThisMonth { get; init; }
        public long CreditsThisMonth { get; init; }
        public long CreditsLastWeek { get; init; }
        public DateTimeOffset? FirstHour { get; init; }
    }
}
