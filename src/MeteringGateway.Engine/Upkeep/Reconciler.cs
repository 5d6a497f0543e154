using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Verifying;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Upkeep;

/// <summary>
/// Compares Redis with the ledger: a page of accounts every few seconds, and all accounts on an operator's request. A difference is
/// published, explained, and healed by recovery of its partition, which loads the account from the ledger.
/// Any number of callers at once.
/// </summary>
internal sealed partial class Reconciler(
    ScriptRunner scripts, Partitions partitions, RedisComparison comparison, Flusher flusher, DriftExplainer explainer,
    LedgerMetrics metrics, TimeProvider time, ILogger<Reconciler> logger)
    : BackgroundService
{
    /// <summary>A hundred accounts in two seconds: a million in six hours, for one per cent of Redis's capacity.</summary>
    private const int PageSize = 100;

    /// <summary>The kind of a difference between Redis and the ledger.</summary>
    private const string Balance = "balance";

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    /// <summary>Recovery takes milliseconds; a longer wait means that Redis or PostgreSQL is away.</summary>
    private static readonly TimeSpan s_healing = TimeSpan.FromSeconds(10);

    private long _after;

    /// <summary>Compares every account. With <paramref name="heal"/>, differing accounts are reloaded and compared again.</summary>
    public async Task<Reconciliation> ReconcileAsync(bool heal, CancellationToken cancellationToken)
    {
        var found = await LookAtAllAsync(cancellationToken);
        var left = found;
        if (heal && found.Differences.Count > 0)
        {
            await HealAsync(found.Differences, cancellationToken);
            left = await LookAtAllAsync(cancellationToken);
        }

        // A partition that is still closed shows no difference either: the result is ok only if every account was compared.
        var ok = left.Differences.Count == 0 && left.Unchecked == 0;
        LedgerDifference[] differences = [.. found.Differences.Select(one => one.Difference)];
        return new Reconciliation(ok, found.Accounts, left.Unchecked, Drift(differences), ok && differences.Length > 0, differences);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Reconciling", s_pause, LookAtNextPageAsync, time, logger, stoppingToken);

    private async Task LookAtNextPageAsync(CancellationToken cancellationToken)
    {
        var page = await LookAsync(_after, isPatient: true, cancellationToken);
        _after = page.Last ?? 0;
        if (page.Differences.Count > 0)
        {
            foreach (var (difference, _) in page.Differences)
            {
                LogDifference(difference.AccountId, difference.Kind, difference.Redis, difference.Expected, difference.Explanation);
            }

            // A difference from poison entries stays after every reload: an operator must resolve it.
            foreach (var partition in page.Differences.Where(found => found.Cause != DriftCause.SetAside).Select(PartitionOf).Distinct())
            {
                partitions.MarkCorrupt(partition);
            }
        }
    }

    private async Task<Look> LookAtAllAsync(CancellationToken cancellationToken)
    {
        // A charge that still waits in the outbox would look like a difference.
        await flusher.DrainAsync(cancellationToken);
        var all = new Look(0, 0, 0, []);
        while (all.Last is { } after)
        {
            var page = await LookAsync(after, isPatient: all.Unchecked == 0, cancellationToken);
            all = new Look(
                page.Last, all.Accounts + page.Accounts, all.Unchecked + page.Unchecked, [.. all.Differences, .. page.Differences]);
        }

        return all;
    }

    private async Task<Look> LookAsync(long after, bool isPatient, CancellationToken cancellationToken)
    {
        var page = await comparison.ComparePageAsync(after, PageSize, isPatient, cancellationToken);
        var (differences, leftOut) = (new List<Found>(), page.Unchecked.ToHashSet());
        foreach (var (account, redis, ledger) in page.Differences)
        {
            var explanation = await explainer.ExplainAsync(partitions.Map.Of(account), account, redis - ledger, cancellationToken);
            differences.Add(Found.Of(account, Balance, redis, ledger, explanation));
        }

        foreach (var account in page.Accounts.Where(account => !leftOut.Contains(account)))
        {
            metrics.NoteDrift(account, differences.Find(one => one.Difference.AccountId == account) is { Difference: var found }
                ? found.Redis - found.Expected
                : 0);
            var sum = await SumHoldsAsync(account);
            if (sum.IsUnavailable || sum.Answer.Status == SumHoldsStatus.OtherFormat)
            {
                leftOut.Add(account);
            }
            else if (sum is { Outcome: ScriptOutcome.Answered, Answer: var (_, held, holds) } && held != holds)
            {
                differences.Add(Found.Of(account, "held", held, holds, DriftExplanation.OfHolds));
            }
        }

        return new Look(page.Accounts.Count == 0 ? null : page.Accounts[^1], page.Accounts.Count, leftOut.Count, differences);
    }

    private Task<ScriptReply<SumHoldsAnswer>> SumHoldsAsync(long account)
    {
        var partition = partitions.Map.Of(account);
        RedisKey[] keys = [PartitionMap.Meta(partition), PartitionMap.Account(partition, account), PartitionMap.Holds(partition)];
        return scripts.RunAsync(SumHoldsAnswer.Script, partition, keys, account);
    }

    private async Task HealAsync(List<Found> differences, CancellationToken cancellationToken)
    {
        var ill = differences.Select(PartitionOf).Distinct().ToList();
        ill.ForEach(partitions.MarkCorrupt);
        var started = time.GetTimestamp();
        while (ill.Exists(partition => partitions.Epoch(partition) == 0 || partitions.IsCorrupt(partition))
            && time.GetElapsedTime(started) < s_healing)
        {
            await Task.Delay(s_pause / 100, time, cancellationToken);
        }
    }

    private int PartitionOf(Found found) => partitions.Map.Of(found.Difference.AccountId);

    private static long Drift(LedgerDifference[] differences) =>
        differences.Sum(difference => difference.Kind == Balance ? Math.Abs(difference.Redis - difference.Expected) : 0);

    /// <summary>A difference as an operator sees it, and its cause, which decides whether it is healed.</summary>
    private sealed record Found(LedgerDifference Difference, DriftCause Cause)
    {
        public static Found Of(long account, string kind, long redis, long expected, DriftExplanation explanation) =>
            new(new LedgerDifference(account, kind, redis, expected, explanation.Text), explanation.Cause);
    }

    /// <summary>
    /// The findings of one look, and the last account in it, after which the next look goes on; null at the end.
    /// </summary>
    private sealed record Look(long? Last, long Accounts, long Unchecked, List<Found> Differences);

    [LoggerMessage(LogLevel.Error, "Account {AccountId}: {Kind} is {Redis} in Redis and should be {Expected}: {Explanation}")]
    private partial void LogDifference(long accountId, string kind, long redis, long expected, string explanation);
}
