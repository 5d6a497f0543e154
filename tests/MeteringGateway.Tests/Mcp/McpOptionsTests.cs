using MeteringGateway.Configuration;
using MeteringGateway.Mcp;

namespace MeteringGateway.Tests.Mcp;

public sealed class McpOptionsTests
{
    [Theory]
    [InlineData("api.example.com", true)]
    [InlineData("*.example.com", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("*", true)]
    [InlineData("https://api.example.com", false)]
    [InlineData("api.example.com:8080", false)]
    [InlineData("*.*.example.com", false)]
    [InlineData("", false)]
    public void AllowedHosts_AreNames(string host, bool isRight)
    {
        var errors = new ConfigurationErrors();
        new McpOptions { AllowedHosts = [host] }.Check(errors);

        Assert.Equal(isRight, !errors.Any);
    }
}
