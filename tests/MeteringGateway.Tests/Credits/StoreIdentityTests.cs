using MeteringGateway.Credits;

namespace MeteringGateway.Tests.Credits;

public sealed class StoreIdentityTests
{
    [Theory]
    [InlineData("a", "b", true)]
    [InlineData("a", "a", false)]
    [InlineData("a,b,c", "d,e", true)]
    [InlineData("a,b,c", "a,c", false)]
    [InlineData("a,b", "ab", true)]
    public void AreApart_OfTwoLooks_IsTrueWhereNoProcessIsInBoth(string mine, string others, bool expected) =>
        Assert.Equal(expected, StoreIdentity.AreApart(mine, others));
}
