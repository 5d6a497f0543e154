using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using Npgsql;

namespace MeteringGateway.Ledger.Verifying;

/// <summary>An account whose balances in Redis and in the ledger differ.</summary>
internal readonly record struct BalanceDifference(long AccountId, long Redis, long Ledger);

/// <summary>The comparison of a page of accounts; <c>Unchecked</c> are those that could not be compared.</summary>
internal sealed record ComparedPage(
    IReadOnlyList<long> Accounts, IReadOnlyList<BalanceDifference> Differences, IReadOnlyCollection<long> Unchecked);

/// <summary>
/// Compares Redis's balances with the ledger while calls go on. An account counts as drifted only if Redis has the same balance before and
/// after a flush and a read of the ledger, and the ledger has another one, twice in a row and by as much: a balance that moves may be back
/// where it was, a credit and as many charges later. Any number of callers at once.
/// </summary>
internal sealed class RedisComparison(
    NpgsqlDataSource database, Flusher flusher, RedisBalances balances, PartitionMap partitions, TimeProvider time)
{
    private const int Chunk = 500;

    /// <summary>
    /// The most looks at an account whose balance moves, or whose partition is in recovery. An account that never stands still is charged
    /// all the time, and its entries show the drift; an account whose partition stays closed is unchecked.
    /// </summary>
    private const int Looks = 5;

    /// <summary>A recovery takes some milliseconds.</summary>
    private static readonly TimeSpan s_recovery = TimeSpan.FromMilliseconds(100);
    private static readonly string s_page = SqlFile.Read("Verifying/verify-balances.sql");
    private static readonly string s_of = SqlFile.Read("Verifying/verify-balances-of.sql");

    /// <summary>Compares all accounts. Returns how many could not be compared.</summary>
    public async Task<long> CompareAsync(VerifierFindings findings, CancellationToken cancellationToken)
    {
        var leftOut = 0L;
        for (long? after = 0; after is { } from;)
        {
            var page = await ComparePageAsync(from, Chunk, isPatient: leftOut == 0, cancellationToken);
            after = page.Accounts.Count == 0 ? null : page.Accounts[^1];
            leftOut += page.Unchecked.Count;
            foreach (var (account, redis, ledger) in page.Differences)
            {
                findings.Add(
                    new LedgerProblem(account, null, "redis_drift", $"Redis is at {redis} credits, the books are at {ledger}"),
                    Math.Abs(redis - ledger));
            }
        }

        return leftOut;
    }

    /// <summary>
    /// Compares the accounts that follow <paramref name="after"/>, in order.
    /// </summary>
    /// <param name="isPatient">Waits for partitions in recovery. A walk through all accounts that has waited in vain should not wait again
    /// on each page.</param>
    public async Task<ComparedPage> ComparePageAsync(long after, int size, bool isPatient, CancellationToken cancellationToken)
    {
        var page = await PageAsync(after, size, cancellationToken);
        List<long> accounts = [.. page.Keys.Order()];
        var seen = await balances(accounts, cancellationToken);
        for (var look = 1; isPatient && look < Looks && seen.Unanswered.Count > 0; look++)
        {
            await Task.Delay(s_recovery, time, cancellationToken);
            seen = await balances(accounts, cancellationToken);
        }

        var suspects = seen.Balances.Where(s => page.TryGetValue(s.Key, out var ledger) && ledger != s.Value).Select(s => s.Key).ToList();
        var (differences, undecided) = await CompareSuspectsAsync(suspects, cancellationToken);
        return new ComparedPage(accounts, differences, [.. seen.Unanswered, .. undecided]);
    }

    private async Task<(List<BalanceDifference> Differences, List<long> Undecided)> CompareSuspectsAsync(
        List<long> suspects, CancellationToken cancellationToken)
    {
        var (differences, closed) = (new List<BalanceDifference>(), new List<long>());
        var seen = new Dictionary<long, long>();
        for (var look = 0; look < Looks && suspects.Count > 0; look++)
        {
            if (closed.Count > 0)
            {
                await Task.Delay(s_recovery, time, cancellationToken);
            }

            var before = await balances(suspects, cancellationToken);
            var fenced = await FlushAsync(suspects, cancellationToken);
            var ledger = await LedgerAsync(suspects, cancellationToken);
            var after = await balances(suspects, cancellationToken);
            (var moving, closed) = (new List<long>(), []);
            foreach (var account in suspects)
            {
                if (fenced.Contains(partitions.Of(account)) || before.Unanswered.Contains(account) || after.Unanswered.Contains(account))
                {
                    closed.Add(account);
                }
                else if (before.Balances.TryGetValue(account, out var first)
                    && after.Balances.TryGetValue(account, out var last) && ledger[account] != first)
                {
                    if (first == last && seen.TryGetValue(account, out var earlier) && earlier == last - ledger[account])
                    {
                        differences.Add(new BalanceDifference(account, last, ledger[account]));
                        continue;
                    }

                    moving.Add(account);
                    seen.Remove(account);
                    if (first == last)
                    {
                        seen[account] = last - ledger[account];
                    }
                }
            }

            suspects = [.. moving, .. closed];
        }

        return (differences, closed);
    }

    /// <summary>
    /// Flushes the suspects' partitions. Returns the fenced ones: they are in recovery, so their accounts can't be compared yet.
    /// </summary>
    private async Task<HashSet<int>> FlushAsync(List<long> suspects, CancellationToken cancellationToken)
    {
        var fenced = new HashSet<int>();
        foreach (var partition in suspects.Select(partitions.Of).Distinct())
        {
            if (!await flusher.DrainAsync(partition, cancellationToken))
            {
                fenced.Add(partition);
            }
        }

        return fenced;
    }

    private async Task<Dictionary<long, long>> PageAsync(long after, int size, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(s_page);
        command.Parameters.AddWithValue("after", after);
        command.Parameters.AddWithValue("limit", size);
        return await ReadAsync(command, cancellationToken);
    }

    private async Task<Dictionary<long, long>> LedgerAsync(List<long> accounts, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(s_of);
        command.Parameters.AddWithValue("account_ids", accounts);
        return await ReadAsync(command, cancellationToken);
    }

    private static async Task<Dictionary<long, long>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var read = new Dictionary<long, long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            read.Add(reader.GetInt64(0), reader.GetInt64(1));
        }

        return read;
    }
}
