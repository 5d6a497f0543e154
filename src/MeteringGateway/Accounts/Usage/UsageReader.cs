using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.Accounts.Usage;

/// <summary>
/// Reads what was used from the roll-up, never from the ledger's entries, on connections of its own. Of one account it has the outbox
/// flushed and the roll-up brought up to it first, so that the last charged answer is counted; where that can't be had at once, the report
/// says how old it is. Any number of callers at once.
/// </summary>
internal sealed class UsageReader(
    ConsoleDatabase database, BooksFlush books, UsageRollUp rollUp, TimeProvider time, ILogger<UsageReader> log)
{
    /// <summary>A year by day of fifty keys on five surfaces; what a page shows is a thousandth of it.</summary>
    public const int MostRows = 100_000;

    private static readonly string s_byHour = SqlFile.Read("Accounts/Usage/read-usage-by-hour.sql");
    private static readonly string s_byDay = SqlFile.Read("Accounts/Usage/read-usage-by-day.sql");
    private static readonly string s_ofAll = SqlFile.Read("Accounts/Usage/read-usage-of-all.sql");
    private static readonly string s_refusalsByHour = SqlFile.Read("Accounts/Usage/read-refusals-by-hour.sql");
    private static readonly string s_refusalsByDay = SqlFile.Read("Accounts/Usage/read-refusals-by-day.sql");
    private static readonly string s_refusalsOfAll = SqlFile.Read("Accounts/Usage/read-refusals-of-all.sql");
    private static readonly string s_topAccounts = SqlFile.Read("Accounts/Usage/read-top-accounts.sql");
    private static readonly string s_asOf = SqlFile.Read("Accounts/Usage/usage-as-of.sql");
    private static readonly string s_asOfAll = SqlFile.Read("Accounts/Usage/usage-as-of-all.sql");

    /// <param name="query">Made whole: hours or days that begin before or end after the range count whole.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <param name="mostRows">Of usage and of refusals each; more are cut off, and the report says so.</param>
    public async Task<UsageReport> ReadAsync(UsageQuery query, CancellationToken cancellationToken, int mostRows = MostRows)
    {
        query = query.Whole();
        using var turn = await database.TurnAsync(query.AccountId, cancellationToken);
        var asOf = await AsOfAsync(query.AccountId, cancellationToken);
        var parameters = new
        {
            account = query.AccountId,
            from = query.From.UtcDateTime,
            to = query.To.UtcDateTime,
            step = query.Step == UsageStep.Hour ? "hour" : "day",
            surface = query.Surface,
            key = query.KeyId,
            by_surface = query.Split.HasFlag(UsageSplit.Surface),
            by_key = query.Split.HasFlag(UsageSplit.Key),
            by_provider = query.Split.HasFlag(UsageSplit.Provider),
            most = mostRows + 1,
        };
        var (usageSql, refusalsSql) = query switch
        {
            { AccountId: null } => (s_ofAll, s_refusalsOfAll),
            { Step: UsageStep.Hour } => (s_byHour, s_refusalsByHour),
            _ => (s_byDay, s_refusalsByDay),
        };
        var usage = await database.QueryAsync<UsageRow>(usageSql, parameters, cancellationToken);
        var refusals = await database.QueryAsync<RefusalRow>(refusalsSql, parameters, cancellationToken);
        return new UsageReport(
            [.. usage.Take(mostRows)], [.. refusals.Take(mostRows)], asOf, usage.Count > mostRows || refusals.Count > mostRows);
    }

    /// <summary>Who used most credits in a range of whole days, most first.</summary>
    public Task<IReadOnlyList<TopAccountRow>> TopAccountsAsync(
        DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancellationToken) =>
        database.QueryAsync<TopAccountRow>(
            s_topAccounts, new { from = from.UtcDateTime, to = to.UtcDateTime, most }, cancellationToken);

    /// <summary>How far the roll-up has come, of an account once it is brought up to the last charge.</summary>
    public async Task<DateTimeOffset> AsOfAsync(long? accountId, CancellationToken cancellationToken)
    {
        if (accountId is not { } account)
        {
            return await database.QuerySingleAsync<DateTime>(s_asOfAll, null, cancellationToken);
        }

        long? flushed = null;
        try
        {
            flushed = await books.FlushAsync(account, TimeSpan.Zero, cancellationToken);
            await rollUp.CatchUpAsync(account, cancellationToken);
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            log.LogDebug("Usage of account {Account} is shown as it is, for it can't be brought up to now: {Reason}", account, e.Message);
        }

        // There is none of an account that an operator has made up: nothing is all that it has used.
        return (await database.QueryAsync<UsageAge>(s_asOf, new { account }, cancellationToken)) is [var age]
            ? age.AsOf(flushed is { } since ? time.GetElapsedTime(since) : null)
            : time.GetUtcNow();
    }
}
