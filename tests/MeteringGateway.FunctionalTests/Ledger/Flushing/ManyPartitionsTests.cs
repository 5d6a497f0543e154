using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Testing;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Ledger.Flushing;

/// <summary>Many partitions in one transaction: each of them may be in trouble, and none of the others is held up by it.</summary>
[Collection(LedgerTestGroup.Name)]
public sealed class ManyPartitionsTests(LedgerPostgres postgres)
{
    private const int Good = 0, Fenced = 1, Poisoned = 2, Newer = 3, Silent = 4, Flushed = 5, LockedAccount = 6, Unknown = 7, Empty = 8,
        Refused = 9, AlsoGood = 15;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task FlushMany_OfWhichMostAreInTrouble_WritesTheOthersInOneTransaction()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var accounts = new Dictionary<int, long>();
        foreach (var partition in new[] { Good, Fenced, Poisoned, Newer, Silent, Flushed, LockedAccount, Refused, AlsoGood })
        {
            var account = accounts[partition] = await bench.AddAccountAsync();
            bench.Outbox.Push(partition, LedgerBench.Entry($"t{partition}", account, 9, 9), Charge(partition, account));
        }

        await bench.ScalarAsync($"update partitions set epoch = 1 where partition = {Fenced}");
        bench.Outbox.Push(Poisoned, "no entry", LedgerBench.Entry("after", accounts[Poisoned], -1, 6));
        bench.Outbox.Push(
            Refused, LedgerBench.Entry("nul", accounts[Refused], 1, 8, metadata: "{\"a\":\"\\u0000\"}"),
            LedgerBench.Entry("d9", accounts[Refused], -3, 4));
        bench.Outbox.Push(Newer, "v2|of a newer gateway");
        bench.Outbox.Push(Unknown, LedgerBench.Entry("stray", 999_999, 1, 1));
        bench.Outbox.Silent = [Silent];
        await using var other = await bench.Database.OpenConnectionAsync();
        await using var holding = await other.BeginTransactionAsync();
        await ExecuteAsync(other, $"select pg_advisory_xact_lock(28008, {Flushed})");
        await ExecuteAsync(other, $"update accounts set status = status where id = {accounts[LockedAccount]}");

        var parts = await FlushAsync(bench, [.. Enumerable.Range(0, 10), AlsoGood]);

        Assert.Equal(
            new Dictionary<int, FlushResult>
            {
                [Good] = new(FlushOutcome.Flushed, 2, 2),
                [Fenced] = new(FlushOutcome.FencedEpoch),
                [Poisoned] = new(FlushOutcome.Flushed, 4, 3, 0, 1),
                [Newer] = new(FlushOutcome.Flushed, 2, 2),
                [Silent] = new(FlushOutcome.Silent),
                [Flushed] = new(FlushOutcome.Busy),
                [LockedAccount] = new(FlushOutcome.Apart),
                [Unknown] = new(FlushOutcome.Apart),
                [Empty] = new(FlushOutcome.Empty),
                [Refused] = new(FlushOutcome.Flushed, 4, 3, 0, 1),
                [AlsoGood] = new(FlushOutcome.Flushed, 2, 2),
            },
            parts.ToDictionary(part => part.Partition, part => part.Result with { Failure = null }));
        Assert.IsType<StoreUnavailableException>(parts[Silent].Result.Failure);
        Assert.Equal("after,c0,c15,c2,c3,c9,d9,t0,t15,t2,t3,t9", await EntriesAsync(bench));
        Assert.Equal([0, 2, 0, 1, 2, 2, 2, 1, 0, 0], Enumerable.Range(0, 10).Select(bench.Outbox.Count));
        Assert.Equal(2L, await bench.ScalarAsync("select count(distinct partition) from poison_entries"));
        Assert.Equal(FlushOutcome.OtherFormat, Assert.Single(await FlushAsync(bench, [Newer])).Result.Outcome);

        // Alone, and with the locks free, those that were left out are written too.
        await holding.RollbackAsync();
        bench.Outbox.Silent = [];
        foreach (var partition in new[] { Silent, Flushed, LockedAccount })
        {
            Assert.Equal(new FlushResult(FlushOutcome.Flushed, 2, 2), await bench.Writer.FlushPartitionAsync(partition, 0, default));
        }

        Assert.Equal(1, (await bench.Writer.FlushPartitionAsync(Unknown, 0, default)).Poisoned);
    }

    [Fact]
    public async Task FlushMany_Many_IsOneTransaction()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        for (var partition = 0; partition < 16; partition++)
        {
            bench.Outbox.Push(partition, LedgerBench.Entry($"t{partition}", await bench.AddAccountAsync(), 9, 9));
        }

        bench.Outbox.Gen = 77;
        await FlushAsync(bench, Enumerable.Range(0, 16).Reverse());

        Assert.Equal("16:1", await bench.ScalarAsync("select count(*) || ':' || count(distinct recorded_at) from ledger_entries"));
        Assert.Equal(16L, await bench.ScalarAsync("select count(*) from partitions where gen = 77"));
        Assert.True((await bench.VerifyAsync()).Ok);
    }

    [Fact]
    public async Task FlushMany_DiesBeforeTheCommitOrBetweenItAndTheTrims_WritesEachEntryOnce()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        for (var partition = 0; partition < 4; partition++)
        {
            var account = await bench.AddAccountAsync();
            bench.Outbox.Push(partition, LedgerBench.Entry($"t{partition}", account, 9, 9), Charge(partition, account));
        }

        bench.Outbox.BeforeRead = () =>
            bench.ScalarAsync("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 28008");
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => FlushAsync(bench, Enumerable.Range(0, 4)));
        bench.Outbox.BeforeRead = null;
        Assert.Equal(0L, await bench.ScalarAsync("select count(*) from ledger_entries"));

        bench.Outbox.ReadOnly = [1, 3];
        var untrimmed = await FlushAsync(bench, Enumerable.Range(0, 4));
        Assert.Equal([false, true, false, true], untrimmed.Select(part => part.Result.Failure is not null));
        Assert.Equal([0, 2, 0, 2], Enumerable.Range(0, 4).Select(bench.Outbox.Count));
        bench.Outbox.ReadOnly = [];
        bench.Outbox.Push(2, LedgerBench.Entry("more", 3, -1, 6));
        bench.Outbox.Push(3, LedgerBench.Entry("most", 4, -1, 6));

        var again = await FlushAsync(bench, Enumerable.Range(0, 4));

        Assert.Equal([(0, 0), (0, 2), (1, 0), (1, 2)], again.Select(part => (part.Result.Written, part.Result.Duplicates)));
        Assert.Equal("26:10", await bench.ScalarAsync("select sum(credit_balance) || ':' || sum(seq) from accounts"));
        Assert.True((await bench.VerifyAsync()).Ok);
    }

    [Fact]
    public async Task FlushMany_TwoFlushersAndDrainsOverAllPartitions_WriteEachEntryOnce()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres, batchSize: 40);
        var keys = new List<long>();
        for (var partition = 0; partition < 16; partition++)
        {
            var account = await bench.AddAccountAsync();
            var key = await bench.AddKeyAsync(account);
            keys.Add(key);
            bench.Outbox.Push(partition, LedgerBench.Entry($"t{partition}", account, 1000, 1000));
            bench.Outbox.Push(
                partition, Enumerable.Range(1, 100).Select(i => LedgerBench.Entry($"c{partition}-{i}", account, -1, 1000 - i, key)));
        }

        async Task FlushAllAsync(bool down)
        {
            while (Enumerable.Range(0, 16).Any(partition => bench.Outbox.Count(partition) > 0))
            {
                await FlushAsync(bench, down ? Enumerable.Range(0, 16).Reverse() : Enumerable.Range(0, 16), most: 7);
            }
        }

        await Task.WhenAll(
            Task.Run(() => FlushAllAsync(false)), Task.Run(() => FlushAllAsync(true)),
            Task.Run(async () =>
            {
                for (var partition = 15; partition >= 0; partition--)
                {
                    Assert.True(await bench.Flusher.DrainAsync(partition, default));
                }
            }));

        Assert.Equal("900:101", await bench.ScalarAsync("select string_agg(distinct credit_balance || ':' || seq, ',') from accounts"));
        Assert.Equal("64:100", await bench.ScalarAsync("select count(*) || ':' || string_agg(distinct spent::text, ',') from key_spend"));
        Assert.True((await bench.VerifyAsync()).Ok);
    }

    [Fact]
    public async Task Flusher_APartitionThatPostgresRefuses_IsFlushedApartUntilItIsNot()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var (refused, fine) = (await bench.AddAccountAsync(), await bench.AddAccountAsync());
        await bench.ScalarAsync($$"""
            create function refuse() returns trigger language plpgsql as
              'begin if new.account_id = {{refused}} then raise exception ''no''; end if; return new; end';
            create trigger refuse before insert on ledger_entries for each row execute function refuse()
            """);
        bench.Outbox.Push(Good, LedgerBench.Entry("r1", refused, 1, 1));
        bench.Outbox.Push(AlsoGood, LedgerBench.Entry("f1", fine, 1, 1));
        await bench.Flusher.StartAsync(default);
        await AwaitAsync(bench, "f1");
        bench.Outbox.Push(AlsoGood, LedgerBench.Entry("f2", fine, 1, 2));
        await AwaitAsync(bench, "f1,f2");

        await bench.ScalarAsync("drop trigger refuse on ledger_entries");
        await AwaitAsync(bench, "f1,f2,r1");
        await bench.Flusher.StopAsync(default);
    }

    [Fact]
    public async Task Flusher_AnAccountThatIsLocked_HoldsUpItsPartitionAlone()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var (locked, fine) = (await bench.AddAccountAsync(), await bench.AddAccountAsync());
        await using var other = await bench.Database.OpenConnectionAsync();
        await using var holding = await other.BeginTransactionAsync();
        await ExecuteAsync(other, $"update accounts set status = status where id = {locked}");
        bench.Outbox.Push(Good, LedgerBench.Entry("l1", locked, 1, 1));
        bench.Outbox.Push(AlsoGood, LedgerBench.Entry("f1", fine, 1, 1));
        await bench.Flusher.StartAsync(default);
        await AwaitAsync(bench, "f1");
        bench.Outbox.Push(AlsoGood, LedgerBench.Entry("f2", fine, 1, 2));
        await AwaitAsync(bench, "f1,f2");

        await holding.RollbackAsync();
        await AwaitAsync(bench, "f1,f2,l1");
        await bench.Flusher.StopAsync(default);
    }

    private static async Task<List<PartitionFlush>> FlushAsync(LedgerBench bench, IEnumerable<int> partitions, int most = 500)
    {
        var parts = partitions.Select(partition => new PartitionFlush(partition, 0, most)).ToList();
        await bench.Writer.FlushManyAsync(parts, default);
        return parts;
    }

    private static string Charge(int partition, long account) => LedgerBench.Entry($"c{partition}", account, -2, 7);

    private static async Task<object?> EntriesAsync(LedgerBench bench) =>
        await bench.ScalarAsync("select string_agg(entry_id, ',' order by entry_id) from ledger_entries");

    private static async Task AwaitAsync(LedgerBench bench, string entries)
    {
        object? seen = null;
        await Eventually.TrueAsync(
            async () => (seen = await EntriesAsync(bench)) is string text && text == entries, () => $"the ledger has {seen}", _patience);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
