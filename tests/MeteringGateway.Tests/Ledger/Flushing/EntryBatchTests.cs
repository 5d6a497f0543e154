using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.Tests.Ledger.Flushing;

public sealed class EntryBatchTests
{
    [Fact]
    public void Read_SameEntryTwice_KeepsTheFirst()
    {
        var batch = EntryBatch.Read([Entry("a", 1, -2), Entry("b", 1, -3), Entry("a", 1, -2)]);

        Assert.Equal(["a", "b"], batch.Entries.Select(e => e.Entry.EntryId));
        Assert.Single(batch.Duplicates);
        Assert.Empty(batch.Poison);
    }

    [Theory]
    [InlineData(1, -3)]
    [InlineData(2, -2)]
    public void Read_SameIdForAnotherMovement_SetsAside(long account, long delta)
    {
        var batch = EntryBatch.Read([Entry("a", 1, -2), Entry("a", account, delta)]);

        Assert.Equal("entry_id a stands for -2 credits of account 1 already", Assert.Single(batch.Poison).Reason);
        Assert.Equal(-2, Assert.Single(batch.Entries).Entry.CreditsDelta);
    }

    [Fact]
    public void DropWritten_SomeAreInTheBooks_LeavesTheOthersInOrder()
    {
        var batch = EntryBatch.Read([Entry("a", 1, 5), Entry("b", 1, 6), Entry("c", 2, 7), Entry("d", 2, 8)]);
        batch.DropWritten(new Dictionary<string, (long, long)> { ["b"] = (1, 6), ["c"] = (2, 70) });

        Assert.Equal(["a", "d"], batch.Entries.Select(e => e.Entry.EntryId));
        Assert.Single(batch.Duplicates);
        Assert.Single(batch.Poison);
        Assert.Equal([(1, "a"), (2, "d"), (1, "b")], batch.Credits);
    }

    [Theory]
    [InlineData(1_000_000_000_000_000, 0)]
    [InlineData(1_000_000_000_000_001, 1)]
    [InlineData(-1_000_000_000_000_000, 0)]
    [InlineData(-1_000_000_000_000_001, 1)]
    public void Read_AmountAtItsBound_IsPoisonBeyond(long delta, int poison) =>
        Assert.Equal(poison, EntryBatch.Read([Entry("a", 1, delta)]).Poison.Count);

    internal static string Entry(string id, long account, long delta, long seen = 0) =>
        $$"""1795000000000|0|{{account}}||{{delta}}|{{seen}}||||{"id":"{{id}}","type":"bonus"}""";
}
