using System.Net;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Tests.Http.Edge;

public sealed class EdgeBoundTests
{
    [Fact]
    public void Lease_OfManyCalls_NeverPassesTheBoundAndGivesAllBack()
    {
        var budget = new BufferBudget(100);
        using (var first = new BodyLease(budget))
        using (var second = new BodyLease(budget))
        {
            Assert.True(first.TryKeepBody(40));
            Assert.True(first.TryKeepAnswer(50));
            Assert.False(second.TryKeepBody(11));
            Assert.True(second.TryKeepBody(10));
            Assert.True(first.TryKeepAnswer(20));
            Assert.Equal(70, budget.Used);
            Assert.True(second.TryKeepAnswer(30));
            Assert.False(second.TryKeepAnswer(31));
            Assert.Equal(100, budget.Used);
        }

        Assert.Equal(0, budget.Used);
    }

    [Theory]
    [InlineData(256, 8192, 256)]
    [InlineData(256, 300, 100)]
    public void Bound_UnderALimitOfTheProcess_IsAThirdOfIt(long configured, long available, long bound) =>
        Assert.Equal(bound, BufferBudget.BoundOf(configured, available));

    [Fact]
    public void Counter_OfOneAddress_LeavesOthersAlone()
    {
        var counter = new AddressCounter(2);
        var (one, other) = (IPAddress.Parse("1.1.1.1"), IPAddress.Parse("2.2.2.2"));
        Assert.True(counter.TryEnter(one) && counter.TryEnter(one));
        Assert.False(counter.TryEnter(one));
        Assert.True(counter.TryEnter(other));
        counter.Leave(one);
        Assert.True(counter.TryEnter(one));
    }

    [Theory]
    [InlineData("GET", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "POST, OPTIONS")]
    [InlineData("DELETE, GET, PUT", "DELETE, GET, HEAD, PUT, OPTIONS")]
    [InlineData("GET, HEAD", "GET, HEAD, OPTIONS")]
    public void Allow_OfMappedMethods_NamesWhatIsAnsweredToo(string mapped, string allow) => Assert.Equal(allow, AllowHeader.Whole(mapped));
}
