using MeteringGateway.Mcp;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Mcp;

public sealed class KnownHostsTests
{
    private static readonly KnownHosts s_hosts = Hosts("gateway.internal", "*.example.com.", "2001:db8::1");

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LocalHost:8080", true)]
    [InlineData("127.0.0.1:8080", true)]
    [InlineData("127.8.9.1", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("[2001:db8::1]", true)]
    [InlineData("10.1.2.3:9000", true)]
    [InlineData("10.1.2.4:9000", false)]
    [InlineData("10.1.2.5", true)]
    [InlineData("10.1.2.6", true)]
    [InlineData("api.example.org", true)]
    [InlineData("gateway.internal:1", true)]
    [InlineData("a.b.EXAMPLE.com", true)]
    [InlineData("localhost.", true)]
    [InlineData("127.0.0.1.:8080", true)]
    [InlineData("a.example.com.:1", true)]
    [InlineData("localhost..", false)]
    [InlineData(".", false)]
    [InlineData("example.com", false)]
    [InlineData(".example.com", false)]
    [InlineData("evilexample.com", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("", false)]
    public void Host_IsLoopbackConfiguredOrRefused(string host, bool isKnown) => Assert.Equal(isKnown, IsKnown(s_hosts, host));

    [Theory]
    [InlineData("http://localhost:3000", true)]
    [InlineData("https://api.example.org", true)]
    [InlineData("http://[::1]:3000", true)]
    [InlineData("HTTPS://API.example.org.:8443", true)]
    [InlineData("http://evil.example.", false)]
    [InlineData("http://localhost@evil.example", false)]
    [InlineData("http://localhost, http://evil.example", false)]
    [InlineData("https://api.example.org.evil.example", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    [InlineData("file:///etc/passwd", false)]
    public void Origin_IsHeldAgainstTheSame(string origin, bool isKnown) => Assert.Equal(isKnown, IsKnown(s_hosts, "localhost", origin));

    [Fact]
    public void Star_IsAnyButNone()
    {
        var open = Hosts("*");
        Assert.True(IsKnown(open, "anything.example", "https://anything.example"));
        Assert.False(IsKnown(open, ""));
    }

    private static bool IsKnown(KnownHosts hosts, string host, string? origin = null)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);
        if (origin is not null)
        {
            request.Headers.Origin = origin;
        }

        return hosts.Refuse(request) is null;
    }

    private static KnownHosts Hosts(params string[] allowed) => new(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Urls"] = "http://10.1.2.3:9000;http://0.0.0.0:8080;http://*:8081",
            ["Http2:Urls"] = "http://10.1.2.5:9001",
            ["Kestrel:Endpoints:a:Url"] = "https://10.1.2.6:9002",
            ["PublicUrl"] = "https://api.example.org/gateway",
        }).Build(),
        Options.Create(new McpOptions { AllowedHosts = allowed }));
}
