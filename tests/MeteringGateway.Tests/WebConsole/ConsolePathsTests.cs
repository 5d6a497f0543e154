using MeteringGateway.WebConsole.Frame;

namespace MeteringGateway.Tests.WebConsole;

public sealed class ConsolePathsTests
{
    [Theory]
    [InlineData("/console", "/console")]
    [InlineData("/console/keys?done=key-changed", "/console/keys?done=key-changed")]
    [InlineData("/console?x=1", "/console?x=1")]
    [InlineData(null, "/console")]
    [InlineData("", "/console")]
    [InlineData("//evil.example", "/console")]
    [InlineData("https://evil.example/console", "/console")]
    [InlineData("/console.evil", "/console")]
    [InlineData("/console/\\evil.example", "/console")]
    [InlineData("/console/\r\nSet-Cookie: a=b", "/console")]
    [InlineData("/payment/return", "/console")]
    [InlineData("/console/keys/é", "/console")]
    public void Back_LeadsNowhereElse(string? asked, string to) => Assert.Equal(to, ConsolePaths.Back(asked, ConsolePaths.Customers));

    [Fact]
    public void Back_OfOperators_IsTheirSideAlone()
    {
        Assert.Equal("/console/operator/audit", ConsolePaths.Back("/console/operator/audit", ConsolePaths.Operators));
        Assert.Equal("/console/operator", ConsolePaths.Back("/console/keys", ConsolePaths.Operators));
    }
}
