using System.Text.Json;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Ledger.Flushing;

[Collection(LedgerTestGroup.Name)]
public sealed class LedgerWriterTests(LedgerPostgres postgres)
{
    [Fact]
    public async Task FlushPartition_InterleavedAccounts_NumbersEachChainInListOrder()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var (a, b) = (await bench.AddAccountAsync(), await bench.AddAccountAsync());
        bench.Outbox.Push(
            3, LedgerBench.Entry("a1", a, 100, 100), LedgerBench.Entry("b1", b, 50, 50), LedgerBench.Entry("a2", a, -7, 93),
            LedgerBench.Entry("b2", b, -50, 0), LedgerBench.Entry("a3", a, -3, 90));

        var result = await bench.Writer.FlushPartitionAsync(3, 0, default);

        Assert.Equal(new FlushResult(FlushOutcome.Flushed, 5, 5), result);
        Assert.Equal("a1:1:100,a2:2:93,a3:3:90,b1:1:50,b2:2:0", await bench.ScalarAsync(
            "select string_agg(entry_id || ':' || seq || ':' || balance_after, ',' order by account_id, seq) from ledger_entries"));
        Assert.Equal("90:3,0:2", await bench.ScalarAsync("select string_agg(credit_balance || ':' || seq, ',' order by id) from accounts"));
        Assert.Equal(0, bench.Outbox.Count(3));
        Assert.True((await bench.VerifyAsync()).Ok);
    }

    [Fact]
    public async Task FlushPartition_DiesBetweenCommitAndTrim_WritesNothingTwice()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        bench.Outbox.Push(0, LedgerBench.Entry("top-up", account, 10, 10), LedgerBench.Entry("c1", account, -2, 8), "poison");
        bench.Outbox.BeforeTrim = () => throw new TimeoutException("cut");
        await Assert.ThrowsAsync<TimeoutException>(() => bench.Writer.FlushPartitionAsync(0, 0, default));
        bench.Outbox.BeforeTrim = null;
        bench.Outbox.Push(0, LedgerBench.Entry("c2", account, -2, 6));

        var replay = await bench.Writer.FlushPartitionAsync(0, 0, default);

        Assert.Equal((4, 1, 2, 1), (replay.Read, replay.Written, replay.Duplicates, replay.Poisoned));
        Assert.Equal("6:3", await bench.ScalarAsync("select credit_balance || ':' || seq from accounts"));
        Assert.Equal(1L, await bench.ScalarAsync("select count(*) from poison_entries"));
        Assert.Equal(["top-up", "c1", "c2"], bench.Outbox.ExpiredMarkers.OrderBy(m => m == "top-up" ? "" : m));
        Assert.Equal(0, bench.Outbox.Count(0));
    }

    [Fact]
    public async Task FlushPartition_DiesBeforeCommit_LeavesNothing()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        bench.Outbox.Push(0, LedgerBench.Entry("c1", account, 5, 5));
        bench.Outbox.BeforeRead = () =>
            bench.ScalarAsync("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 28008");

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => bench.Writer.FlushPartitionAsync(0, 0, default));
        bench.Outbox.BeforeRead = null;

        Assert.Equal(0L, await bench.ScalarAsync("select count(*) from ledger_entries"));
        Assert.Equal(1, (await bench.Writer.FlushPartitionAsync(0, 0, default)).Written);
    }

    [Fact]
    public async Task FlushPartition_ThreeFlushersOnOnePartition_WriteEachEntryOnce()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres, batchSize: 7);
        var (a, b) = (await bench.AddAccountAsync(), await bench.AddAccountAsync());
        var key = await bench.AddKeyAsync(a);
        bench.Outbox.Push(1, LedgerBench.Entry("a0", a, 1000, 1000), LedgerBench.Entry("b0", b, 1000, 1000));
        bench.Outbox.Push(1, Enumerable.Range(1, 300).Select(i =>
            i % 3 == 0 ? LedgerBench.Entry($"b{i}", b, -1, 1000 - i / 3) : LedgerBench.Entry($"a{i}", a, -1, 1000 - (i - i / 3), key)));
        var flushers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while ((await bench.Writer.FlushPartitionAsync(1, 0, default)).Outcome == FlushOutcome.Flushed)
            {
            }
        }));

        await Task.WhenAll(flushers);

        Assert.Equal(
            "800:201,900:101", await bench.ScalarAsync("select string_agg(credit_balance || ':' || seq, ',' order by id) from accounts"));
        Assert.Equal("200", await bench.ScalarAsync($"select string_agg(distinct spent::text, ',') from key_spend where key_id = {key}"));
        Assert.Equal((true, 302L, 0L), (await bench.VerifyAsync()) is var v ? (v.Ok, v.Entries, bench.Metrics.DriftCredits) : default);
    }

    [Fact]
    public async Task FlushPartition_Charges_AddUpSpendByWindow()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var key = await bench.AddKeyAsync(account);
        bench.Outbox.Push(0, LedgerBench.Entry("t", account, 100, 100), LedgerBench.Entry("c1", account, -7, 93, key));
        await bench.Writer.FlushPartitionAsync(0, 0, default);
        bench.Outbox.Push(0, LedgerBench.Entry("c2", account, -5, 88, key), LedgerBench.Entry("c3", account, -1, 87, key));
        await bench.Writer.FlushPartitionAsync(0, 0, default);

        Assert.Equal("DAILY:20775:13,FIXED:0:13,MONTHLY:24322:13,WEEKLY:2968:13", await bench.ScalarAsync(
            "select string_agg(period || ':' || window_id || ':' || spent, ',' order by period) from key_spend"));
        Assert.Equal("24322:13", await bench.ScalarAsync("select window_id || ':' || spent from account_spend"));
    }

    [Fact]
    public async Task FlushPartition_WhatAChargeRemembers_IsInTheLedger()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var key = await bench.AddKeyAsync(account);
        var tail = new EntryTail(
            "c1", "usage", "search", "beta", Attempts: "alpha=503;12, beta=200;31", Held: 9, Idempotency: new string('0', 62) + "ff");
        bench.Outbox.Push(
            0, LedgerBench.Entry("t", account, 100, 100), $"1795000000000|0|{account}|{key}|-7|93|20775|2968|24322|"
                + JsonSerializer.Serialize(tail, EntryTailJson.Default.EntryTail));
        await bench.Writer.FlushPartitionAsync(0, 0, default);

        Assert.Equal("t:----c1:alpha=503;12, beta=200;31:9:" + tail.Idempotency, await bench.ScalarAsync("""
            select string_agg(entry_id || ':' || coalesce(attempts, '--') || coalesce(':' || credits_held || ':', '--')
              || coalesce(encode(idempotency_hash, 'hex'), ''), '' order by seq) from ledger_entries
            """));
    }

    [Fact]
    public async Task FlushPartition_AReversal_TakesTheSpendBackAndLetsItsMarkerExpire()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var key = await bench.AddKeyAsync(account);
        bench.Outbox.Push(
            0, LedgerBench.Entry("t", account, 100, 100), LedgerBench.Entry("c1", account, -7, 93, key),
            LedgerBench.Entry("c2", account, -5, 88, key), LedgerBench.Entry("reversal:c1", account, 7, 95, key));
        await bench.Writer.FlushPartitionAsync(0, 0, default);

        Assert.Equal("5", await bench.ScalarAsync("select string_agg(distinct spent::text, ',') from key_spend"));
        Assert.Equal(5L, await bench.ScalarAsync("select spent from account_spend"));
        Assert.Equal(["reversal:c1", "t"], bench.Outbox.ExpiredMarkers.Order());
    }

    [Fact]
    public async Task FlushPartition_TheChargeOfACallThatWasSettledAsFree_HasItSettledOnceMore()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var key = await bench.AddKeyAsync(account);
        await bench.ScalarAsync($"""
            insert into unsettled_calls (request_id, account_id, key_id, price, surface, outcome, settled_at)
            values ('late', {account}, {key}, 7, 's', 'free', now()), ('other', {account}, {key}, 7, 's', 'free', now())
            """);
        bench.Outbox.Push(0, LedgerBench.Entry("t", account, 100, 100), LedgerBench.Entry("late", account, -7, 93, key));
        await bench.Writer.FlushPartitionAsync(0, 0, default);

        Assert.Equal("late", await bench.ScalarAsync(
            "select string_agg(request_id, ',') from unsettled_calls where outcome is null and settled_at is null"));
    }

    [Fact]
    public async Task FlushPartition_OtherEpoch_ReadsAndWritesNothing()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        await bench.ScalarAsync("update partitions set epoch = 2 where partition = 5");
        bench.Outbox.Push(5, LedgerBench.Entry("c1", account, 5, 5));

        Assert.Equal(FlushOutcome.FencedEpoch, (await bench.Writer.FlushPartitionAsync(5, 1, default)).Outcome);
        Assert.Equal(1, bench.Outbox.Count(5));
        Assert.Equal(1, (await bench.Writer.FlushPartitionAsync(5, 2, default)).Written);
    }

    [Fact]
    public async Task FlushPartition_LedgerThatForgotACommit_WritesNothingUntilTheNextEpoch()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        bench.Outbox.Gen = 7;
        bench.Outbox.Push(5, LedgerBench.Entry("c1", account, 5, 5));
        Assert.Equal(1, (await bench.Writer.FlushPartitionAsync(5, 0, default)).Written);

        // As an older copy of the ledger has it.
        await bench.ScalarAsync("update partitions set gen = 6 where partition = 5");
        bench.Outbox.Push(5, LedgerBench.Entry("c2", account, 5, 10));
        Assert.Equal(FlushOutcome.ForgottenCommit, (await bench.Writer.FlushPartitionAsync(5, 0, default)).Outcome);
        Assert.Equal(1, bench.Outbox.Count(5));

        // What a recovery does.
        await bench.ScalarAsync("update partitions set epoch = 1 where partition = 5");
        Assert.Equal(1, (await bench.Writer.FlushPartitionAsync(5, 1, default)).Written);
    }

    [Fact]
    public async Task FlushPartition_RedisAndBooksDiffer_SaysByHowMuchOnceAnAccount()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        bench.Outbox.Push(0, LedgerBench.Entry("t", account, 100, 130), LedgerBench.Entry("c", account, -1, 129));

        Assert.Equal(30, (await bench.Writer.FlushPartitionAsync(0, 0, default)).DriftCredits);
        Assert.Equal(30, bench.Metrics.DriftCredits);
        bench.Outbox.Push(0, LedgerBench.Entry("d", account, -1, 98));
        await bench.Writer.FlushPartitionAsync(0, 0, default);
        Assert.Equal(0, bench.Metrics.DriftCredits);
    }

    [Fact]
    public async Task FlushPartition_RaisesGeneration_NeverLowersIt()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        foreach (var gen in new[] { 40, 12 })
        {
            bench.Outbox.Gen = gen;
            bench.Outbox.Push(0, LedgerBench.Entry($"t{gen}", account, 1, 1));
            await bench.Writer.FlushPartitionAsync(0, 0, default);
        }

        Assert.Equal(40L, await bench.ScalarAsync("select gen from partitions where partition = 0"));
    }
}
