using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Reading;
using Npgsql;
using NpgsqlTypes;

namespace MeteringGateway.FunctionalTests.Ledger;

/// <summary>A filter must not read an account's whole ledger: PostgreSQL says how many rows it looked at to find a handful.</summary>
[Collection(LedgerTestGroup.Name)]
public sealed class LedgerFilterPlanTests(LedgerPostgres postgres)
{
    private const int Many = 40_000;

    [Theory]
    [InlineData("from")]
    [InlineData("key_id")]
    [InlineData("types")]
    [InlineData("entry_id")]
    public async Task Filter_OfAFewAmongMany_LooksAtAFew(string filter)
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var (busy, quiet) = (await bench.AddKeyAsync(account), await bench.AddKeyAsync(account));
        await bench.ScalarAsync($"""
            insert into ledger_entries (entry_id, account_id, seq, credits_delta, balance_after, entry_type, key_id, occurred_at, recorded_at)
            select 'e' || n, {account}, n, 1, n, case when n % 8000 = 0 then 'purchase' else 'usage' end, case when n % 8000 = 1 then {quiet} else {busy} end,
                   timestamptz '2026-01-01Z' + n * interval '1 minute', now()
            from generate_series(1, {Many}) n
            """);
        await bench.ScalarAsync("analyze ledger_entries");
        var wanted = filter switch
        {
            "from" =>
                EntryFilter.None with { From = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), To = new(2026, 1, 5, 0, 5, 0, TimeSpan.Zero) },
            "key_id" => EntryFilter.None with { KeyId = quiet },
            "types" => EntryFilter.None with { Types = new TypeFilter(["purchase"], [], false, false, ["usage"]) },
            _ => EntryFilter.None with { EntryId = "e77" },
        };

        var page = await bench.Get<LedgerReader>().PageAsync(new LedgerQuery(account, wanted, 50, 0), default);
        var looked = await RowsLookedAtAsync(bench.Database, account, wanted);

        Assert.Equal(filter == "entry_id" ? 1 : 5, page.Total);
        Assert.Equal(page.Total, page.Entries.Count);
        Assert.Equal(page.Entries.Select(entry => entry.Seq).OrderDescending(), page.Entries.Select(entry => entry.Seq));
        Assert.InRange(looked, 1, 100);
    }

    [Fact]
    public async Task Page_FarBackOfManyEntries_IsARangeOfNumbers()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        await bench.ScalarAsync($"""
            insert into ledger_entries (entry_id, account_id, seq, credits_delta, balance_after, entry_type, occurred_at, recorded_at)
            select 'e' || n, {account}, n, 1, n, 'usage', now(), now() from generate_series(1, 100) n
            """);

        var reader = bench.Get<LedgerReader>();
        var page = await reader.PageAsync(new LedgerQuery(account, EntryFilter.None, 3, 90), default);
        var last = await reader.PageAsync(new LedgerQuery(account, EntryFilter.None, 50, 98), default);
        var beyond = await reader.PageAsync(new LedgerQuery(account, EntryFilter.None, 50, int.MaxValue), default);
        var nobody = await reader.PageAsync(new LedgerQuery(account + 1, EntryFilter.None, 50, 0), default);

        Assert.Equal([10L, 9, 8], page.Entries.Select(entry => entry.Seq));
        Assert.Equal([2L, 1], last.Entries.Select(entry => entry.Seq));
        Assert.Equal((100, 0), (beyond.Total, beyond.Entries.Count));
        Assert.Equal((0, 0), (nobody.Total, nobody.Entries.Count));
    }

    [Fact]
    public async Task Page_OfAllAccounts_IsThatOfAWalkOverAllEntriesHoweverTheyLieInTime()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var (one, other) = (await bench.AddAccountAsync(), await bench.AddAccountAsync());

        // Seconds apart lately, days apart before: no length of a look fits both. Some were written long after their time.
        await bench.ScalarAsync($"""
            insert into ledger_entries (entry_id, account_id, seq, credits_delta, balance_after, entry_type, surface, occurred_at, recorded_at)
            select 'e' || n, case when n % 3 = 0 then {other} else {one} end, n, 1, n, 'usage', case when n % 50 = 0 then 'rare' else 'search' end,
                   now() - case when n <= 200 then n * interval '5 seconds' else n * interval '7 hours' end, now()
            from generate_series(1, 400) n;
            update accounts set seq = 200
            """);
        var whole = bench.Get<LedgerReader>();
        var ago = new Func<double, DateTimeOffset>(days => TimeProvider.System.GetUtcNow().AddDays(-days));
        foreach (var (filter, sql) in new (EntryFilter, string)[]
        {
            (EntryFilter.None, "true"),
            (EntryFilter.None with { Surface = "rare" }, "surface = 'rare'"),
            (EntryFilter.None with { Surface = "none" }, "false"),
            (EntryFilter.None with { From = ago(70) }, "occurred_at >= now() - interval '70 days'"),
            (EntryFilter.None with { To = ago(70) }, "occurred_at < now() - interval '70 days'"),
            (EntryFilter.None with { From = ago(90), To = ago(70) },
                "occurred_at >= now() - interval '90 days' and occurred_at < now() - interval '70 days'"),
            (EntryFilter.None with { EntryId = "e77" }, "entry_id = 'e77'"),
        })
        {
            foreach (var offset in new[] { 0, 3, 195, 390 })
            {
                var page = await whole.PageAsync(new LedgerQuery(null, filter, 20, offset, LedgerQuery.CountedForPages), default);
                var expected = (string)(await bench.ScalarAsync($"""
                    select coalesce(string_agg(entry_id, ' '), '')
                    from (select entry_id from ledger_entries where {sql} order by occurred_at desc limit 20 offset {offset}) e
                    """))!;
                Assert.Equal((sql, offset, expected), (sql, offset, string.Join(' ', page.Entries.Select(entry => entry.EntryId))));
                Assert.Equal((long)(await bench.ScalarAsync($"select count(*) from ledger_entries where {sql}"))!, page.Total);
            }
        }

        var counted = await whole.PageAsync(new LedgerQuery(null, EntryFilter.None with { Surface = "search" }, 20, 0, 30), default);
        Assert.Equal((30, 20), (counted.Total, counted.Entries.Count));
        var further = await whole.PageAsync(new LedgerQuery(null, EntryFilter.None with { Surface = "search" }, 20, 40, 30), default);
        Assert.Equal((61, 20), (further.Total, further.Entries.Count));
    }

    private static async Task<long> RowsLookedAtAsync(NpgsqlDataSource database, long account, EntryFilter filter)
    {
        await using var command = database.CreateCommand(
            "explain (analyze, format json) " + SqlFile.Read("Reading/find-entries-of-account.sql", typeof(LedgerReader).Assembly));
        command.Parameters.AddWithValue("account_id", account);
        LedgerReader.AddFilter(command.Parameters, filter);
        LedgerReader.AddMost(command.Parameters, new LedgerQuery(account, filter, 50, 0, LedgerQuery.CountedForPages).Most);
        command.Parameters.AddWithValue("limit", NpgsqlDbType.Integer, 50);
        command.Parameters.AddWithValue("offset", NpgsqlDbType.Integer, 0);
        using var plan = System.Text.Json.JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
        return Rows(plan.RootElement[0].GetProperty("Plan"));
    }

    /// <summary>Of every scan of the table: what it gave and what it threw away.</summary>
    private static long Rows(System.Text.Json.JsonElement node)
    {
        var own = node.TryGetProperty("Relation Name", out _)
            ? (Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter") + Number(node, "Rows Removed by Index Recheck"))
                * Number(node, "Actual Loops")
            : 0;
        return own + (node.TryGetProperty("Plans", out var below) ? below.EnumerateArray().Sum(Rows) : 0);
    }

    private static long Number(System.Text.Json.JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) ? (long)value.GetDouble() : 0;
}
