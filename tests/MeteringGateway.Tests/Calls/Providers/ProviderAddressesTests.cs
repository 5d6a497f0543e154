using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class ProviderAddressesTests
{
    /// <summary>A configured path goes out as it is written, a request's is encoded: one text may be two addresses.</summary>
    [Fact]
    public void Of_OneTextAsEitherPath_IsTwoAddresses()
    {
        var addresses = new ProviderAddresses();

        for (var again = 0; again < 2; again++)
        {
            Assert.Equal("http://a.test/b|c", addresses.Of("http://a.test", "/b|c", "/x").AbsoluteUri);
            Assert.Equal("http://a.test/b%7Cc", addresses.Of("http://a.test", null, "/b|c").AbsoluteUri);
        }
    }

    [Fact]
    public void Of_SameAgain_IsReadOnce()
    {
        var addresses = new ProviderAddresses();

        Assert.Same(addresses.Of("http://a.test", "/v1", "/x"), addresses.Of("http://a.test", "/v1", "/y"));
        Assert.NotSame(addresses.Of("http://a.test", "/v1", "/x"), addresses.Of("http://b.test", "/v1", "/x"));
    }

    /// <summary>A client can spell a path in many ways, and what is kept of that is bounded.</summary>
    [Fact]
    public void Of_MorePathsThanAreKept_AreStillTheirOwn()
    {
        var addresses = new ProviderAddresses();
        for (var i = 0; i < 2000; i++)
        {
            Assert.Equal($"http://a.test/{i}", addresses.Of("http://a.test", null, $"/{i}").AbsoluteUri);
        }

        Assert.NotSame(addresses.Of("http://a.test", null, "/1999"), addresses.Of("http://a.test", null, "/1999"));
    }
}
