using System.Text.Json;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.FunctionalTests.Ledger.Reading;

/// <summary>Many accounts and keys are read with one statement, and what was charged lately without an index.</summary>
[Collection(LedgerTestGroup.Name)]
public sealed class StateReaderTests(LedgerPostgres postgres)
{
    [Fact]
    public async Task ReadAccountsAndKeys_Many_HasEachWithItsOwnNewestWindows()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var (a, b, idle) = (await bench.AddAccountAsync(), await bench.AddAccountAsync(), await bench.AddAccountAsync());
        var (ka, kb, never) = (await bench.AddKeyAsync(a), await bench.AddKeyAsync(b), await bench.AddKeyAsync(b));
        await bench.ScalarAsync($"""
            update accounts set monthly_budget = 500 where id = {b};
            update keys set surfaces = '{"{s}"}', limit_daily = 9 where id = {kb};
            insert into account_spend values ({a}, 'MONTHLY', 24321, 70), ({a}, 'MONTHLY', 24322, 7)
            """);
        bench.Outbox.Push(
            0, LedgerBench.Entry("ta", a, 100, 100), LedgerBench.Entry("tb", b, 50, 50), LedgerBench.Entry("ca", a, -7, 93, ka),
            LedgerBench.Entry("cb", b, -5, 45, kb), LedgerBench.Entry("cc", b, -1, 44, kb));
        await bench.Writer.FlushPartitionAsync(0, 0, default);
        var reader = bench.Get<StateReader>();

        var accounts = await reader.ReadAccountsAsync([b, 99_999, a, idle, a], default);
        var keys = await reader.ReadKeysAsync([never, kb, ka, 99_999], default);

        Assert.Equal([a, b, idle], accounts.Keys.Order());
        Assert.Equal(new AccountFacts(a, 93, "active", 1, null, 24322, 14), accounts[a]);
        Assert.Equal(new AccountFacts(b, 44, "active", 1, 500, 24322, 6), accounts[b]);
        Assert.Equal(new AccountFacts(idle, 0, "active", 1, null, 0, 0), accounts[idle]);
        Assert.Equal(accounts[b], await reader.ReadAccountAsync(b, default));
        Assert.Equal([ka, kb, never], keys.Keys.Order());
        Assert.Equal(
            (b, 9, "s", 6, 20775, 6, 2968, 6, 24322, 6),
            keys[kb] is var k ? (k.AccountId, k.LimitDaily, Assert.Single(k.Surfaces!), k.Spent, k.Day, k.DaySpent, k.Week, k.WeekSpent,
                k.Month, k.MonthSpent) : default);
        Assert.Equal((7, 7), (keys[ka].Spent, keys[ka].MonthSpent));
        Assert.Equal((0, 0, 0), (keys[never].Spent, keys[never].Day, keys[never].DaySpent));
        Assert.Null(await reader.ReadKeyAsync(99_999, default));
    }

    [Fact]
    public async Task ListRecentlyActive_PageByPage_VisitsEveryKeyNewestStretchFirst()
    {
        const int charges = 40_000;
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        await bench.ScalarAsync($"""
            insert into ledger_entries (entry_id, account_id, seq, credits_delta, balance_after, entry_type, key_id, occurred_at,
              recorded_at)
            select 'e' || n, {account}, n, -1, n, 'usage', case when n > 1 then n / 2 end,
              timestamptz '2026-01-01Z' + n * interval '1 s', now()
            from generate_series(1, {charges}) n
            """);
        var reader = bench.Get<StateReader>();

        var pages = new List<ActivityPage>();
        for (long? before = null; pages.Count == 0 || before is not null; before = pages[^1].Before)
        {
            pages.Add(await reader.ListRecentlyActiveAsync(before, default));
        }

        Assert.InRange(pages.Count, 3, 20);
        Assert.Equal(charges / 2, pages.SelectMany(p => p.Keys).Select(k => k.KeyId).Distinct().Count());
        var seen = pages.SelectMany(p => p.Keys).Select(k => k.LastCharge).ToList();
        Assert.Equal(seen.OrderDescending(), seen);
        Assert.All(pages.SelectMany(p => p.Keys), key => Assert.Equal(account, key.AccountId));
    }

    [Fact]
    public async Task ListRecentlyActive_OfALedgerWithoutCharges_IsOneEmptyPage()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var page = await bench.Get<StateReader>().ListRecentlyActiveAsync(null, default);
        Assert.Empty(page.Keys);
        Assert.Null(page.Before);
    }

    [Fact]
    public async Task ListRecentlyActive_ReadsItsBlocksAlone()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        await using var command = bench.Database.CreateCommand(
            "explain (format json) " + SqlFile.Read("Reading/list-recently-active.sql", typeof(StateReader).Assembly));
        command.Parameters.AddWithValue("first", 5L);
        command.Parameters.AddWithValue("end", 9L);
        using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
        Assert.Contains("\"Tid Range Scan\"", plan.RootElement.GetRawText(), StringComparison.Ordinal);
    }
}
