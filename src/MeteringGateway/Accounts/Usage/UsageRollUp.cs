using Dapper;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Flushing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Accounts.Usage;

/// <summary>
/// Adds the ledger's charges up by hour and day, behind the flusher and never in its transaction. What each account's sums contain is the
/// account's own progress, moved on by the statement that adds up: so each charge counts once, whatever gateway dies where and however many
/// add up at once. Which accounts to look at is only a hint, of what this gateway has flushed; the sweep finds what a hint was lost for.
/// </summary>
internal sealed class UsageRollUp : BackgroundService
{
    /// <summary>Accounts and entries of each in one statement: at most 25,000 entries, some tenths of a second.</summary>
    private const int AccountsAtOnce = 100;
    private const int EntriesAtOnce = 250;

    /// <summary>Statements for one reader, who waits: an account that is further behind is left to the sweep.</summary>
    private const int TurnsOfReader = 20;

    /// <summary>Accounts of one step of the sweep: two look-ups by key for each.</summary>
    private const int SweepPage = 1_000;

    /// <summary>Hints that are kept; with more the sweep comes at once.</summary>
    private const int MostHints = 100_000;

    private static readonly string s_isBehind = SqlFile.Read("Accounts/Usage/is-usage-behind.sql");
    private static readonly string s_begin = SqlFile.Read("Accounts/Usage/begin-usage.sql");
    private static readonly string s_addUp = SqlFile.Read("Accounts/Usage/add-up-usage.sql");
    private static readonly string s_lock = SqlFile.Read("Accounts/Usage/lock-usage.sql");
    private static readonly string s_findBehind = SqlFile.Read("Accounts/Usage/find-usage-behind.sql");

    private readonly NpgsqlDataSource _database;
    private readonly ConsoleDatabase _readers;
    private readonly UsageOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<UsageRollUp> _log;
    private readonly Lock _gate = new();
    private HashSet<long> _flushed = [];
    private bool _isSweepDue = true;
    private long _swept;

    public UsageRollUp(
        NpgsqlDataSource database, ConsoleDatabase readers, LedgerWriter writer, IOptions<UsageOptions> options, TimeProvider time,
        ILogger<UsageRollUp> log)
    {
        (_database, _readers, _options, _time, _log) = (database, readers, options.Value, time, log);
        writer.Wrote += Hint;
    }

    /// <summary>
    /// Brings one account up to its last entry, or a few thousand entries nearer to it, for a reader. Any number of callers at once.
    /// </summary>
    /// <exception cref="NpgsqlException">PostgreSQL is away, or another gateway has the account's turn for long.</exception>
    public async Task CatchUpAsync(long account, CancellationToken cancellationToken)
    {
        await using var connection = await _readers.Source.OpenConnectionAsync(cancellationToken);
        var look = new CommandDefinition(s_isBehind, new { account }, cancellationToken: cancellationToken);
        if (!await connection.QuerySingleAsync<bool>(look))
        {
            return;
        }

        long[] accounts = [account];
        for (var turn = 0; turn < TurnsOfReader; turn++)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await RunAsync(s_begin, new { accounts });
            await RunAsync(s_lock, new { account });
            var left = await connection.QueryAsync<long>(
                new CommandDefinition(s_addUp, new { accounts, most = EntriesAtOnce }, transaction, cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
            if (!left.Any())
            {
                return;
            }

            Task RunAsync(string sql, object parameters) =>
                connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Adding up usage", _options.Interval, RoundAsync, _time, _log, stoppingToken);

    /// <summary>Adds up what was flushed since the last round, and looks through all accounts where that is due. One caller.</summary>
    internal async Task RoundAsync(CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        await AddUpAsync(Take(), cancellationToken);
        if (_isSweepDue || _time.GetElapsedTime(_swept) >= _options.SweepInterval)
        {
            _isSweepDue = false;
            await SweepAsync(cancellationToken);
            _swept = _time.GetTimestamp();
        }

        await RestAsync(began, _options.Interval, cancellationToken);
    }

    /// <summary>Looks through all accounts, and adds up what none of the hints has led to.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        for (long? after = 0; after is { } place;)
        {
            var began = _time.GetTimestamp();
            var step = await _database.QuerySingleAsync<SweepStep>(
                s_findBehind, new { after = place, page = SweepPage }, cancellationToken);
            await AddUpAsync([.. step.Behind, .. Take()], cancellationToken);
            after = step.Last;
            if (step.Behind.Length > 0)
            {
                await RestAsync(began, TimeSpan.Zero, cancellationToken);
            }
        }
    }

    /// <summary>No more than half of the time of one connection, however much there is to add up.</summary>
    private async Task RestAsync(long began, TimeSpan rest, CancellationToken cancellationToken)
    {
        if (_time.GetElapsedTime(began) - rest is { Ticks: > 0 } left)
        {
            await Task.Delay(left, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Hint(IReadOnlyCollection<long> accounts)
    {
        lock (_gate)
        {
            _flushed.UnionWith(accounts);
            if (_flushed.Count > MostHints)
            {
                _flushed = [];
                _isSweepDue = true;
            }
        }
    }

    private HashSet<long> Take()
    {
        lock (_gate)
        {
            var flushed = _flushed;
            _flushed = [];
            return flushed;
        }
    }

    private async Task AddUpAsync(HashSet<long> waiting, CancellationToken cancellationToken)
    {
        try
        {
            while (waiting.Count > 0)
            {
                var accounts = waiting.Take(AccountsAtOnce).Order().ToArray();
                await _database.ExecuteAsync(s_begin, new { accounts }, cancellationToken);
                var left = await _database.QueryAsync<long>(s_addUp, new { accounts, most = EntriesAtOnce }, cancellationToken);
                waiting.ExceptWith(accounts);
                waiting.UnionWith(left);
            }
        }
        catch
        {
            Hint(waiting);
            throw;
        }
    }

    private sealed record SweepStep
    {
        public long? Last { get; init; }
        public required long[] Behind { get; init; }
    }
}
