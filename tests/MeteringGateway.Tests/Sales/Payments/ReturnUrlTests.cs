using MeteringGateway.Sales.Subscriptions;

namespace MeteringGateway.Tests.Sales.Payments;

public sealed class ReturnUrlTests
{
    [Theory]
    [InlineData("https://example.com/dashboard/subscription?success=true", true)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("ftp://example.com", false)]
    [InlineData("/relative", false)]
    [InlineData("//example.com", false)]
    [InlineData("https://user@example.com", false)]
    [InlineData("https://example.com/\r\nSet-Cookie: a=b", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsReturnUrl_OnlyPagesOfTheWeb(string? text, bool good) => Assert.Equal(good, CheckoutFlow.IsReturnUrl(text));
}
