using System.Net;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Hosting.Image;

/// <summary>What the images do once they are published, without an engine.</summary>
public sealed class ImageTests(ImageFixture image) : IClassFixture<ImageFixture>
{
    /// <summary>One test, for its end is the image's stop.</summary>
    [Fact]
    public async Task Image_AsComposeRunsIt_IsHealthyChargesAndStopsWithinItsGrace()
    {
        var (code, said) = await image.Gateway.CheckAsync();
        Assert.Equal(0, code);
        Assert.Matches(@"^ready \(200 from http://127\.0\.0\.1:\d+/readyz\)$", said);

        // The health check looks where probes are served, and the operator API is there, too.
        using var management = new GatewayClient(new Uri(said[said.IndexOf("http:", StringComparison.Ordinal)..^"/readyz)".Length]));
        using var calls = new GatewayClient(image.Calls);
        var (alive, saidAlive) = await image.Gateway.RunAsync("dotnet", "MeteringGateway.dll", "healthcheck", "--alive");
        Assert.Equal(0, alive);
        Assert.StartsWith("ok", saidAlive, StringComparison.Ordinal);

        var account = await management.CreateAccountAsync(100);
        var key = await management.CreateKeyAsync(account);
        var answer = await calls.QueryAsync(key, """{"surface":"search","query":"what is in the image?"}""");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(2, answer.CreditsCharged);

        Assert.Equal(0, await image.Gateway.StopAsync());
        Assert.Equal(98, await image.Stores.Books.BalanceAsync(account));

        // Nothing that it may not write to, and no setting of the image that another one overrides.
        foreach (var complaint in new[] { "fail:", "crit:", "denied", "Read-only", "HTTP_PORTS" })
        {
            Assert.False(image.Gateway.Log.Contains(complaint, StringComparison.OrdinalIgnoreCase), image.Gateway.Log);
        }

        var (gone, why) = await image.Gateway.CheckAsync();
        Assert.Equal(1, gone);
        Assert.Contains("/readyz", why, StringComparison.Ordinal);
        Assert.Equal(0, await image.Demo.StopAsync());
        Assert.Equal(1, (await image.Demo.CheckAsync()).Code);
    }
}
