using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.Tests.Ledger.Flushing;

public sealed class EntryChainTests
{
    [Fact]
    public void Number_InterleavedAccounts_GoesOnFromEachHead()
    {
        var entries = EntryBatch.Read(
            [EntryBatchTests.Entry("a", 1, -2, 8), EntryBatchTests.Entry("b", 2, 3, 4), EntryBatchTests.Entry("c", 1, -3, 6)]).Entries;

        var chain = EntryChain.Number(entries, new Dictionary<long, ChainHead> { [1] = new(5, 10), [2] = new(0, 0) });

        Assert.Equal([(6, 8), (1, 3), (7, 5)], chain.Entries.Select(e => (e.Seq, e.BalanceAfter)));
        Assert.Equal(new ChainHead(7, 5), chain.Heads[1]);
        Assert.Equal((1, 1), (chain.Drift[1], chain.Drift[2]));
    }

    [Fact]
    public void Number_BalanceWouldOverflow_LeavesOutOnlyThatEntry()
    {
        var entries = EntryBatch.Read([EntryBatchTests.Entry("a", 1, 2), EntryBatchTests.Entry("b", 1, 1)]).Entries;

        var chain = EntryChain.Number(entries, new Dictionary<long, ChainHead> { [1] = new(0, long.MaxValue - 1) });

        Assert.Equal("a", Assert.Single(chain.Overflowing).Entry.EntryId);
        Assert.Equal((1, long.MaxValue), (Assert.Single(chain.Entries).Seq, chain.Entries[0].BalanceAfter));
    }
}
