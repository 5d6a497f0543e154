using System.Net;
using System.Net.Sockets;
using MeteringGateway.Accounts.Notices;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Accounts.Notices;

public sealed class WebhookTargetTests
{
    [Theory]
    [InlineData("https://8.8.8.8/hook", null)]
    [InlineData("https://127.0.0.1/hook", "must lead to a public address")]
    [InlineData("https://localhost:8443/hook", "must lead to a public address")]
    [InlineData("https://2130706433/", "must lead to a public address")]
    [InlineData("https://0x7f.1/", "must lead to a public address")]
    [InlineData("https://[::ffff:10.0.0.1]/", "must lead to a public address")]
    [InlineData("https://169.254.169.254/latest/meta-data", "must lead to a public address")]
    [InlineData("http://8.8.8.8/hook", "must begin with https://")]
    [InlineData("ftp://8.8.8.8/", "must be a URL like https://example.com/hook, without a user name and without '#'")]
    [InlineData("https://user@8.8.8.8/", "must be a URL like https://example.com/hook, without a user name and without '#'")]
    [InlineData("/hook", "must be a URL like https://example.com/hook, without a user name and without '#'")]
    public async Task Refusal_OfAUrl_IsWhatItsOwnerShouldKnow(string url, string? refusal) =>
        Assert.Equal(refusal, await Target(allowed: false).RefusalAsync(url, default));

    [Fact]
    public async Task Refusal_WherePrivateTargetsAreAllowed_IsNone() =>
        Assert.Null(await Target(allowed: true).RefusalAsync("http://127.0.0.1:9000/hook", default));

    [Fact]
    public async Task Send_ToANameThatLeadsInside_ConnectsToNothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = Options.Create(new NoticesOptions());
        using var client = new WebhookClient(new WebhookTarget(options), options, TimeProvider.System);
        var notice = new NoticeView(1, "low_balance", 1, null, null, 100, 5, null, 4, null, null, DateTimeOffset.UnixEpoch);

        var error = await client.SendAsync($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/", "whsec_x", notice, default);

        Assert.Equal("The host has no public address.", error);
        Assert.False(listener.Pending());
    }

    private static WebhookTarget Target(bool allowed) => new(Options.Create(new NoticesOptions { AllowPrivateTargets = allowed }));
}
