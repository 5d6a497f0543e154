using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Tests.Ledger.Entries;

public sealed class PartitionMapTests
{
    [Theory]
    [InlineData(1, 9)]
    [InlineData(2, 2)]
    [InlineData(1_000_000, 14)]
    public void Of_AnAccount_IsForEverTheSame(long account, int partition) => Assert.Equal(partition, new PartitionMap(16).Of(account));

    [Fact]
    public void Of_NeighbouringAccounts_SpreadsThemEvenly()
    {
        var map = new PartitionMap(16);
        var counts = Enumerable.Range(1, 16_000).GroupBy(id => map.Of(id)).Select(group => group.Count()).ToList();
        Assert.Equal(16, counts.Count);
        Assert.All(counts, count => Assert.InRange(count, 900, 1_100));
    }
}
