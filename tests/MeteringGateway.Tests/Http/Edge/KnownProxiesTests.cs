using System.Net;
using MeteringGateway.Configuration;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Edge;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MeteringGateway.Tests.Http.Edge;

public sealed class KnownProxiesTests
{
    public static TheoryData<string, string, string?, string?, string, string> Requests => new()
    {
        // known, peer, X-Forwarded-For, X-Forwarded-Proto, client, scheme
        { "", "127.0.0.1", "8.8.8.8", "https", "127.0.0.1", "http" },
        { "10.0.0.0/8", "8.8.4.4", "8.8.8.8", "https", "8.8.4.4", "http" },
        { "10.0.0.0/8", "10.0.0.1", "8.8.8.8", "https", "8.8.8.8", "https" },
        { "10.0.0.0/8", "10.0.0.1", "1.1.1.1, 8.8.8.8", null, "8.8.8.8", "http" },
        { "10.0.0.0/8", "10.0.0.1", "1.1.1.1, 8.8.8.8, 10.0.0.2", null, "8.8.8.8", "http" },
        { "10.0.0.0/8", "::ffff:10.0.0.1", "8.8.8.8", null, "8.8.8.8", "http" },
        { "10.0.0.0/8,fd00::/8", "fd00::1", "2001:db8::1", null, "2001:db8::1", "http" },
        { "10.0.0.1", "10.0.0.1", "10.0.0.2", null, "10.0.0.2", "http" },
        { "10.0.0.0/8", "10.0.0.1", null, null, "10.0.0.1", "http" },
        { "10.0.0.0/8", "10.0.0.1", "nonsense", null, "10.0.0.1", "http" },
        { "10.0.0.0/8", "10.0.0.1", "8.8.8.8, nonsense", null, "10.0.0.1", "http" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Invoke_ForwardedHeaders_CountFromKnownProxiesAlone(
        string known, string peer, string? forwardedFor, string? proto, string client, string scheme)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Scheme = "http";
        context.Request.Headers["X-Forwarded-For"] = forwardedFor;
        context.Request.Headers["X-Forwarded-Proto"] = proto;
        var app = new ApplicationBuilder(new ServiceCollection().AddLogging().AddOptions().BuildServiceProvider());
        app.UseKnownProxies(Read(("Proxies:Known", known)).Options);
        app.Run(_ => Task.CompletedTask);
        await app.Build()(context);
        Assert.Equal((IPAddress.Parse(client), scheme), (ClientAddress.Plain(context.Connection.RemoteIpAddress!), context.Request.Scheme));
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("::1/128", true)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("proxy.local", false)]
    public void Read_ANetwork_IsOne(string text, bool isGood)
    {
        Assert.Equal(isGood, Read(("Proxies:Known:0", text)).Errors.Count == 0);
        Assert.Equal(isGood, Read(("Proxies:Known", text)).Errors.Count == 0);
    }

    [Fact]
    public void Read_AnUnknownName_IsRefused() => Assert.Single(Read(("Proxies:Knwon:0", "10.0.0.0/8")).Errors);

    [Theory]
    [InlineData("1.2.3.4", "::ffff:1.2.3.4", true)]
    [InlineData("2001:db8::1", "2001:db8::ffff", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("1.2.3.4", "1.2.3.5", false)]
    public void Subject_OfAddresses_IsOneClient(string one, string other, bool isOne) =>
        Assert.Equal(isOne, ClientAddress.Subject(IPAddress.Parse(one)) == ClientAddress.Subject(IPAddress.Parse(other)));

    private static (ProxiesOptions Options, IReadOnlyList<string> Errors) Read(params (string Key, string Value)[] settings)
    {
        var errors = new ConfigurationErrors();
        return (ProxiesOptions.Read(PublicUrlTests.Settings(settings), errors), errors.Lines);
    }
}
