using MeteringGateway.Engine;

namespace MeteringGateway.Tests.Engine;

public sealed class HoldAgesTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(999, 0)]
    [InlineData(1_000, 1)]
    [InlineData(9_999, 1)]
    [InlineData(10_000, 2)]
    [InlineData(60_000, 3)]
    [InlineData(599_999, 3)]
    [InlineData(600_000, 4)]
    public void Hold_OfAnAge_IsCountedInItsBucketAlone(int age, int bucket)
    {
        var began = new DateTimeOffset(2026, 5, 19, 18, 24, 1, TimeSpan.Zero);
        var ages = new HoldAges();

        ages.Add(Guid.CreateVersion7(began).ToString("N") + ".2", 7, began.ToUnixTimeMilliseconds() + age);

        var sums = HoldAges.Sum([ages, new HoldAges()]);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => i == bucket ? (1L, 7L) : (0, 0)), sums.Select(one => (one.Count, one.Credits)));
    }

    [Fact]
    public void Hold_WithAnotherId_CountsAsNew()
    {
        var ages = new HoldAges();
        ages.Add("x", 7, 1_800_000_000_000);

        Assert.Equal(1, HoldAges.Sum([ages])[0].Count);
    }
}
