using MeteringGateway.Calls.Metering;

namespace MeteringGateway.Tests.Calls.Metering;

public sealed class RouteTargetTests
{
    [Theory]
    [InlineData("/v1/chat/completions", "/v1/chat/completions")]
    [InlineData("/v1/chat?a=../..&b=%2e", "/v1/chat?a=../..&b=%2e")]
    [InlineData("/v1/a%2Fb/%C3%A4", "/v1/a%2Fb/%C3%A4")]
    [InlineData("/v1/...", "/v1/...")]
    [InlineData("/v1/.well-known", "/v1/.well-known")]
    [InlineData("/v1/models/gpt-4.1", "/v1/models/gpt-4.1")]
    [InlineData("http://gateway.example/v1/chat?x=1", "/v1/chat?x=1")]
    [InlineData("/v1/./chat", null)]
    [InlineData("/v1/../admin", null)]
    [InlineData("/v1/%2e%2E/admin", null)]
    [InlineData("/v1/.%2e/admin", null)]
    [InlineData("/v1/..", null)]
    [InlineData("/v1/..?x=1", null)]
    [InlineData("/v1/cheap/..%2Fdear", null)]
    [InlineData("/v1/cheap/%2e.%2fdear", null)]
    [InlineData("/v1/cheap/..%5Cdear", null)]
    [InlineData("/v1/cheap/..\\dear", null)]
    [InlineData("/v1/cheap/..;/dear", null)]
    [InlineData("/v1/cheap/..;x=1/dear", null)]
    [InlineData("/v1/a..b/c;d", "/v1/a..b/c;d")]
    [InlineData("http://gateway.example/v1/dear%2F..%2Fcheap", null)]
    [InlineData("http://gateway.example/v1/dear\\..\\cheap", null)]
    [InlineData("http://gateway.example/v1/a?x=%20", "/v1/a?x=%20")]
    [InlineData("*", null)]
    [InlineData("gateway.example:443", null)]
    public void Of_RequestTarget_IsPathAndQueryAsTheyCameWithoutDotSegments(string raw, string? target) =>
        Assert.Equal(target, RouteTarget.Of(raw));
}
