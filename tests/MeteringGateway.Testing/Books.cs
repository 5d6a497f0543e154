using Dapper;
using Npgsql;

namespace MeteringGateway.Testing;

/// <summary>The ledger as anyone with SQL sees it, for assertions.</summary>
public sealed class Books(string connection) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connection);

    public async Task<IReadOnlyList<BookEntry>> EntriesAsync(long account)
    {
        await using var open = await _source.OpenConnectionAsync();
        return [.. await open.QueryAsync<BookEntry>(
            """
            select entry_id as EntryId, seq as Seq, credits_delta as CreditsDelta, balance_after as BalanceAfter,
                   entry_type as EntryType, key_id as KeyId, surface as Surface, provider as Provider,
                   attempts as Attempts, credits_held as CreditsHeld
            from ledger_entries where account_id = @account order by seq
            """,
            new { account })];
    }

    public async Task<long> BalanceAsync(long account)
    {
        await using var open = await _source.OpenConnectionAsync();
        return await open.ExecuteScalarAsync<long>("select credit_balance from accounts where id = @account", new { account });
    }

    /// <summary>
    /// What is wrong with the chain of every account, one line each: gaps in seq, a broken running sum, a balance that isn't the last one
    /// or is negative.
    /// </summary>
    public async Task<IReadOnlyList<string>> ProblemsAsync()
    {
        await using var open = await _source.OpenConnectionAsync();
        return [.. await open.QueryAsync<string>(
            """
            with chain as (
              select account_id, seq, credits_delta, balance_after,
                     row_number() over account as expected_seq,
                     sum(credits_delta) over account as expected_balance
              from ledger_entries window account as (partition by account_id order by seq)
            )
            select format('account %s seq %s: expected seq %s and balance %s, found %s', account_id, seq, expected_seq, expected_balance, balance_after)
            from chain where seq <> expected_seq or balance_after <> expected_balance or balance_after < 0
            union all
            select format('account %s: balance %s, its ledger says %s', a.id, a.credit_balance, coalesce(last.balance_after, 0))
            from accounts a
            left join lateral (select balance_after from ledger_entries e where e.account_id = a.id order by seq desc limit 1) last on true
            where a.credit_balance <> coalesce(last.balance_after, 0)
            """)];
    }

    /// <summary>Drops its open connections, where the database behind them is another from here on.</summary>
    public void Reconnect() => _source.Clear();

    /// <summary>Waits until the flusher has written that many entries of the account.</summary>
    public async Task<IReadOnlyList<BookEntry>> AwaitEntriesAsync(long account, int count)
    {
        IReadOnlyList<BookEntry> entries = [];
        await Eventually.TrueAsync(
            async () => (entries = await EntriesAsync(account)).Count >= count,
            () => $"account {account} has {entries.Count} entries, not {count}");
        return entries;
    }

    /// <summary>
    /// The process of Redis that each partition was last verified on; those under recovery are left out,
    /// and all while the ledger can't say.
    /// </summary>
    public async Task<IReadOnlyDictionary<int, string>> ProvenRedisAsync()
    {
        try
        {
            await using var open = await _source.OpenConnectionAsync();
            return (await open.QueryAsync<(int Partition, string Process)>(
                "select partition, run_id from partitions where run_id is not null"))
                .ToDictionary(row => row.Partition, row => row.Process);
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException)
        {
            return new Dictionary<int, string>();
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}

public sealed record BookEntry(
    string EntryId, long Seq, long CreditsDelta, long BalanceAfter, string EntryType, long? KeyId, string? Surface, string? Provider,
    string? Attempts, long? CreditsHeld);
