using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Verifying;

namespace MeteringGateway.FunctionalTests.Ledger;

/// <summary>Entries that another version of the gateway wrote: an older one's are read, a newer one's wait for it.</summary>
public sealed class EntryFormatTests(LedgerPostgres postgres) : IClassFixture<LedgerPostgres>
{
    private const string Number = "v1|";
    private const string Newer = "v2|all that comes after is anybody's guess";

    [Fact]
    public async Task FlushPartition_EntriesWithAndWithoutANumber_WritesBoth()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        bench.Outbox.Push(0, LedgerBench.Entry("old", account, 5, 5), Number + LedgerBench.Entry("new", account, 4, 9));

        Assert.Equal(new FlushResult(FlushOutcome.Flushed, 2, 2), await bench.Writer.FlushPartitionAsync(0, 0, default));
        Assert.Equal("old,new", await bench.ScalarAsync("select string_agg(entry_id, ',' order by seq) from ledger_entries"));
    }

    [Fact]
    public async Task FlushPartition_AnEntryOfANewerFormat_StopsBeforeItAndSetsNothingAside()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        bench.Outbox.Push(0, LedgerBench.Entry("a", account, 5, 5), Newer, LedgerBench.Entry("b", account, 4, 9));

        Assert.Equal(new FlushResult(FlushOutcome.Flushed, 1, 1), await bench.Writer.FlushPartitionAsync(0, 0, default));
        Assert.Equal(new FlushResult(FlushOutcome.OtherFormat), await bench.Writer.FlushPartitionAsync(0, 0, default));
        Assert.Equal((2, 0L), (bench.Outbox.Count(0), await bench.ScalarAsync("select count(*) from poison_entries")));

        // What counts on the ledger being up to date is told that they are not; other partitions go on, and a stop does not wait for ever.
        bench.Outbox.Push(1, LedgerBench.Entry("c", account, 1, 6));
        Assert.False(await bench.Flusher.DrainAsync(0, default));
        Assert.False(await bench.Flusher.FlushAllAsync(default));
        Assert.Equal(
            (2, 0, 6L), (bench.Outbox.Count(0), bench.Outbox.Count(1), await bench.ScalarAsync("select credit_balance from accounts")));
    }

    [Theory]
    [InlineData(Number)]
    [InlineData("")]
    public async Task Verify_AnEntrySetAside_NamesItsAccountWhateverTheNumber(string number)
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        bench.Outbox.Push(0, number + LedgerBench.Entry("x", 77, -5, 5));
        await bench.Writer.FlushPartitionAsync(0, 0, default);
        var problem = Assert.Single((await bench.VerifyAsync()).Problems);
        Assert.StartsWith("1 entries over -5 credits", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(77, problem.AccountId);

        // It explains the difference that it makes, and no other one.
        var explainer = bench.Get<DriftExplainer>();
        var causes = new List<DriftCause>();
        foreach (var difference in new[] { -5, -6, 4 })
        {
            causes.Add((await explainer.ExplainAsync(0, 77, difference, default)).Cause);
        }

        Assert.Equal([DriftCause.SetAside, DriftCause.RedisHasLess, DriftCause.RedisHasMore], causes);
        Assert.Equal(DriftCause.RedisHasLess, (await explainer.ExplainAsync(0, 78, -5, default)).Cause);
    }
}
