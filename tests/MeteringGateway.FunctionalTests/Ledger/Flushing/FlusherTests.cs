using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Ledger.Flushing;

[Collection(LedgerTestGroup.Name)]
public sealed class FlusherTests(LedgerPostgres postgres)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task FlushUpToNow_EntriesKeepComing_EndsWithThoseOfTheCall()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres, batchSize: 5);
        var account = await bench.AddAccountAsync();
        var next = 0;
        void Push() => bench.Outbox.Push(0, LedgerBench.Entry($"e{++next}", account, 1, next));
        for (var i = 0; i < 12; i++)
        {
            Push();
        }

        bench.Outbox.BeforeTrim = () =>
        {
            for (var i = 0; i < 5; i++)
            {
                Push();
            }

            return Task.CompletedTask;
        };

        Assert.True(await bench.Flusher.DrainAsync(0, default));

        Assert.Equal(15L, await bench.ScalarAsync("select count(*) from ledger_entries"));
        Assert.Equal(12, bench.Outbox.Count(0));
    }

    [Fact]
    public async Task Flusher_SomePartitionsCantBeTrimmed_WritesTheOthers()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        bench.Outbox.ReadOnly = [0, 1, 2];
        for (var partition = 0; partition < 5; partition++)
        {
            bench.Outbox.Push(partition, LedgerBench.Entry($"e{partition}", account, 1, 1));
        }

        await bench.Flusher.StartAsync(default);
        await Eventually.TrueAsync(
            async () => (long)(await bench.ScalarAsync("select count(*) from ledger_entries"))! == 5,
            () => "not all were written", _patience);
        await Eventually.TrueAsync(
            () => Task.FromResult(bench.Outbox.Count(3) + bench.Outbox.Count(4) == 0), () => "the others were not trimmed", _patience);
        bench.Outbox.ReadOnly = [];
        await bench.Flusher.StopAsync(default);
        Assert.Equal(5L, await bench.ScalarAsync("select count(*) from ledger_entries"));
    }

    [Fact]
    public async Task Flusher_StoppedWhenTheHostsTimeIsUsedUp_DrainsAllTheSame()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        bench.Outbox.Push(0, LedgerBench.Entry("e1", account, 1, 1));

        await bench.Flusher.StopAsync(new CancellationToken(canceled: true));

        Assert.Equal(1L, await bench.ScalarAsync("select count(*) from ledger_entries"));
        Assert.Equal(0, bench.Outbox.Count(0));
    }

    [Fact]
    public async Task Flusher_StoresFailForAWhile_GoesOnAfterwards()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var failures = 0;
        var failedOften = new TaskCompletionSource();
        bench.Outbox.BeforeRead = () =>
        {
            if (++failures >= 3)
            {
                failedOften.TrySetResult();
            }

            throw new TimeoutException("Redis is away");
        };
        bench.Outbox.Push(2, LedgerBench.Entry("e1", account, 1, 1));
        await bench.Flusher.StartAsync(default);
        await failedOften.Task.WaitAsync(_patience);

        var written = new TaskCompletionSource();
        bench.Outbox.BeforeTrim = () =>
        {
            written.TrySetResult();
            return Task.CompletedTask;
        };
        bench.Outbox.BeforeRead = null;
        await written.Task.WaitAsync(_patience);
        await bench.Flusher.StopAsync(default);

        Assert.Equal(1L, await bench.ScalarAsync("select count(*) from ledger_entries"));
    }

    [Fact]
    public async Task Flusher_Stops_DrainsTheOutbox()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres, batchSize: 10);
        var account = await bench.AddAccountAsync();
        await bench.Flusher.StartAsync(default);
        for (var i = 1; i <= 95; i++)
        {
            bench.Outbox.Push(i % 4, LedgerBench.Entry($"e{i}", account, 1, i));
        }

        await bench.Flusher.StopAsync(default);

        Assert.Equal(95L, await bench.ScalarAsync("select count(*) from ledger_entries"));
        Assert.All(Enumerable.Range(0, 4), partition => Assert.Equal(0, bench.Outbox.Count(partition)));
    }

    [Fact]
    public async Task FlushUpToNow_FencedPartition_SaysSoAndKeepsTheEntries()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        await bench.ScalarAsync("update partitions set epoch = 1 where partition = 6");
        bench.Outbox.Push(6, LedgerBench.Entry("e1", account, 1, 1));
        var fenced = new List<int>();
        bench.Flusher.Fenced += (partition, _) => fenced.Add(partition);

        Assert.False(await bench.Flusher.DrainAsync(6, default));
        Assert.False(await bench.Flusher.FlushAllAsync(default));
        bench.Get<PartitionEpochs>().Learn(6, 1);
        Assert.True(await bench.Flusher.DrainAsync(6, default));

        Assert.Equal([6, 6], fenced);
    }

    /// <summary>Who reads a moment-old ledger is told of when it is: what waited before that is in it.</summary>
    [Fact]
    public async Task Flusher_LeavesNothingBehind_TellsSinceWhen()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        Assert.Null(bench.Flusher.EmptiedSince(0));
        await bench.Flusher.StartAsync(default);
        for (var entry = 1; entry <= 5; entry++)
        {
            bench.Outbox.Push(0, LedgerBench.Entry($"e{entry}", account, 1, entry));
            var pushed = TimeProvider.System.GetTimestamp();
            await Eventually.TrueAsync(
                () => Task.FromResult(bench.Flusher.EmptiedSince(0) >= pushed), () => "no look is over", _patience);
            Assert.Equal((long)entry, await bench.ScalarAsync("select count(*) from ledger_entries"));
        }

        await bench.Flusher.StopAsync(default);
    }

    /// <summary>Behind an entry that only a newer gateway can read there may be anything.</summary>
    [Fact]
    public async Task Flusher_LeavesEntriesBehind_TellsNothing()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        bench.Outbox.ReadOnly = [2];
        bench.Outbox.Push(1, LedgerBench.Entry("a", account, 1, 1), "v2|of a newer gateway");
        bench.Outbox.Push(2, LedgerBench.Entry("b", account, 1, 2));
        bench.Outbox.Silent = [3];
        bench.Outbox.Push(3, LedgerBench.Entry("c", account, 1, 3));
        await bench.Flusher.StartAsync(default);

        await Eventually.TrueAsync(
            async () => (long)(await bench.ScalarAsync("select count(*) from ledger_entries"))! == 2,
            () => "not all that can be were written", _patience);
        for (var look = 0; look < 3; look++)
        {
            var before = bench.Flusher.EmptiedSince(0);
            await Eventually.TrueAsync(
                () => Task.FromResult(bench.Flusher.EmptiedSince(0) > (before ?? 0)), () => "no look is over", _patience);
        }

        await bench.Flusher.StopAsync(default);
        Assert.All(new[] { 1, 2, 3 }, partition => Assert.Null(bench.Flusher.EmptiedSince(partition)));
    }
}
