using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.Tests.Ledger.Flushing;

public sealed class BatchSharesTests
{
    [Theory]
    [InlineData("", 10, "")]
    [InlineData("0,-,0", 10, "")]
    [InlineData("100,100", 10, "0:5,1:5")]
    [InlineData("100,2,-,100", 10, "0:4,1:2,3:4")]
    [InlineData("100,0,1", 10, "0:9,2:1")]
    [InlineData("2,2", 10, "0:5,1:5")]
    [InlineData("9,9,9", 2, "0:1,1:1,2:1")]
    [InlineData("9000000000", 10000, "0:10000")]
    public void Of_Lengths_FillsTheTransactionAndStarvesNone(string lengths, int size, string expected) =>
        Assert.Equal(expected, string.Join(',', BatchShares.Of(
            [.. lengths.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => text == "-" ? (long?)null : long.Parse(text))],
            size).Select(share => $"{share.Key}:{share.Value}")));
}
