using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.FunctionalTests.Ledger.Flushing;

[Collection(LedgerTestGroup.Name)]
public sealed class BooksFlushTests(LedgerPostgres postgres)
{
    private static readonly TimeSpan s_age = TimeSpan.FromSeconds(1);

    /// <summary>Who is content with a flush of a moment ago gets its time, and not that of the asking.</summary>
    [Fact]
    public async Task Flush_WithinTheAge_IsTheOneBefore()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var partition = bench.Get<PartitionMap>().Of(account);
        var clock = new Clock();
        var books = new BooksFlush(bench.Flusher, bench.Get<PartitionMap>(), clock);

        bench.Outbox.Push(partition, LedgerBench.Entry("a", account, 10, 10));
        var first = await books.FlushAsync(account, s_age, default);
        Assert.Equal(clock.GetTimestamp(), first);
        Assert.Equal(0, bench.Outbox.Count(partition));

        bench.Outbox.Push(partition, LedgerBench.Entry("b", account, 10, 20));
        clock.Ticks += s_age.Ticks - 1;
        Assert.Equal(first, await books.FlushAsync(account, s_age, default));
        Assert.Equal(1, bench.Outbox.Count(partition));

        clock.Ticks++;
        Assert.Equal(clock.GetTimestamp(), await books.FlushAsync(account, s_age, default));
        Assert.Equal(0, bench.Outbox.Count(partition));
    }

    [Fact]
    public async Task Flush_OfNoAge_IsMadeForEachWhoAsks()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var partition = bench.Get<PartitionMap>().Of(account);
        var books = new BooksFlush(bench.Flusher, bench.Get<PartitionMap>(), new Clock());

        foreach (var seen in new[] { 10, 20 })
        {
            bench.Outbox.Push(partition, LedgerBench.Entry($"e{seen}", account, 10, seen));
            Assert.NotNull(await books.FlushAsync(account, TimeSpan.Zero, default));
            Assert.Equal(0, bench.Outbox.Count(partition));
        }
    }

    /// <summary>A flush that failed is none: the next reader has it made anew, and is not told of its time.</summary>
    [Fact]
    public async Task Flush_ThatFails_IsNotRemembered()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var partition = bench.Get<PartitionMap>().Of(account);
        var books = new BooksFlush(bench.Flusher, bench.Get<PartitionMap>(), new Clock());
        bench.Outbox.Push(partition, LedgerBench.Entry("a", account, 10, 10));
        bench.Outbox.Silent = [partition];
        await Assert.ThrowsAnyAsync<Exception>(() => books.FlushAsync(account, s_age, default));

        bench.Outbox.Silent = [];
        Assert.NotNull(await books.FlushAsync(account, s_age, default));
        Assert.Equal(0, bench.Outbox.Count(partition));
    }

    private sealed class Clock : TimeProvider
    {
        public long Ticks { get; set; } = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }
}
