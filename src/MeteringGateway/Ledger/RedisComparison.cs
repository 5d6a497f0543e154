using MeteringGateway.Storage;
using Npgsql;

namespace MeteringGateway.Ledger;

/// <summary>An account's balance in Redis and in the books, where they differ.</summary>
internal readonly record struct BalanceDifference(long AccountId, long Redis, long Books);

internal sealed record ComparedPage(IReadOnlyList<long> Accounts, IReadOnlyList<BalanceDifference> Differences);

/// <summary>
/// Holds Redis's balances against the books while calls go on. A balance that moves is no finding: an account counts as drifted only
/// if Redis said the same before and after a flush and a look into the books, and the books said something else.
/// </summary>
internal sealed class RedisComparison(NpgsqlDataSource database, Flusher flusher, RedisBalances balances, TimeProvider time)
{
    private const int Chunk = 500;

    /// <summary>Looks at an account that keeps moving. One that never stands still is charged all the time, and drift shows in its entries.</summary>
    private const int Looks = 5;

    private static readonly TimeSpan s_recovery = TimeSpan.FromMilliseconds(100);
    private static readonly string s_page = SqlFile.Read("Ledger/verify-balances.sql");
    private static readonly string s_of = SqlFile.Read("Ledger/verify-balances-of.sql");

    public async Task CompareAsync(VerifierFindings findings, CancellationToken cancellationToken)
    {
        for (long? after = 0; after is { } from;)
        {
            var page = await ComparePageAsync(from, Chunk, cancellationToken);
            after = page.Accounts.Count == 0 ? null : page.Accounts[^1];
            foreach (var (account, redis, books) in page.Differences)
            {
                findings.Add(new LedgerProblem(account, null, "redis_drift", $"Redis is at {redis} credits, the books are at {books}"), Math.Abs(redis - books));
            }
        }
    }

    /// <summary>The accounts that follow <paramref name="after"/>, in order, and those of them on which Redis and the books differ.</summary>
    public async Task<ComparedPage> ComparePageAsync(long after, int size, CancellationToken cancellationToken)
    {
        var page = await PageAsync(after, size, cancellationToken);
        var seen = await balances([.. page.Keys], cancellationToken);
        var suspects = seen.Where(s => page.TryGetValue(s.Key, out var books) && books != s.Value).Select(s => s.Key).ToList();
        return new ComparedPage([.. page.Keys.Order()], await CompareSuspectsAsync(suspects, cancellationToken));
    }

    private async Task<List<BalanceDifference>> CompareSuspectsAsync(List<long> suspects, CancellationToken cancellationToken)
    {
        var differences = new List<BalanceDifference>();
        for (var look = 0; look < Looks && suspects.Count > 0; look++)
        {
            var before = await balances(suspects, cancellationToken);
            if (!await flusher.FlushUpToNowAsync(cancellationToken))
            {
                // A fenced partition is under recovery, for some milliseconds: there is nothing to compare yet.
                await Task.Delay(s_recovery, time, cancellationToken);
                continue;
            }

            var books = await BooksAsync(suspects, cancellationToken);
            var after = await balances(suspects, cancellationToken);
            var moving = new List<long>();
            foreach (var account in suspects)
            {
                if (!before.TryGetValue(account, out var first) || !after.TryGetValue(account, out var last) || books[account] == first)
                {
                    continue;
                }

                if (first != last)
                {
                    moving.Add(account);
                    continue;
                }

                differences.Add(new BalanceDifference(account, last, books[account]));
            }

            suspects = moving;
        }

        return differences;
    }

    private async Task<Dictionary<long, long>> PageAsync(long after, int size, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(s_page);
        command.Parameters.AddWithValue("after", after);
        command.Parameters.AddWithValue("limit", size);
        return await ReadAsync(command, cancellationToken);
    }

    private async Task<Dictionary<long, long>> BooksAsync(List<long> accounts, CancellationToken cancellationToken)
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
