using System.Net;
using System.Net.Sockets;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Hosting.Management;

public sealed class ManagementStopTests
{
    [Fact]
    public async Task Stop_WithACallUnderWay_IsToldOnTheManagementAddressToTheEndAndLosesNothing()
    {
        await using var stores = await Stores.StartAsync();
        await using var provider = FakeProvider.Start();
        var answers = new TaskCompletionSource();
        provider.Script = _ => FakeReply.Json("{}") with { Until = answers.Task };
        var management = $"http://127.0.0.1:{LoopbackPort.Free()}";
        await using var gateway = await GatewayProcess.StartAsync(
            stores, Slow(provider), new Dictionary<string, string> { ["ALPHA_KEY"] = "x", ["Management__Urls"] = management });
        using var client = new GatewayClient(gateway.Management);
        var account = await client.CreateAccountAsync(100);
        var key = await client.CreateKeyAsync(account);

        var call = gateway.Client.QueryAsync(key, """{"surface":"seven"}""");
        await Eventually.TrueAsync(async () => (await MetricAsync("metering_holds ")) == "1", () => "the call is not under way");
        var stopped = gateway.StopAsync();

        // The callers' address is closed; the call is still under way, and a scrape and a probe are told so.
        await Eventually.TrueAsync(async () => !await TakesConnectionsAsync(gateway.Address), () => "callers are still let in");
        var ready = await client.SendAsync(HttpMethod.Get, "readyz", null, null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Assert.Contains("stopping", ready.Text, StringComparison.Ordinal);
        Assert.Equal("1", await MetricAsync("metering_holds "));
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Get, "healthz", null, null)).Status);
        Assert.False(stopped.IsCompleted);
        answers.SetResult();

        Assert.Equal(93, (await call).RemainingCredits);
        Assert.Equal(0, await stopped);
        Assert.Equal([100, -7], (await stores.Books.AwaitEntriesAsync(account, 2)).Select(entry => entry.CreditsDelta));
        Assert.Empty(await stores.Books.ProblemsAsync());

        async Task<string?> MetricAsync(string name) => (await client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text.Split('\n')
            .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
    }

    /// <summary>The chain waits for as long as a busy machine may need for the looks of this test.</summary>
    private static object Slow(FakeProvider provider) => new
    {
        ReverseProxy = new { Clusters = new { alpha = new { Destinations = new { a1 = new { provider.Address } } } } },
        Surfaces = new
        {
            seven = new
            {
                Price = new { Credits = 7 },
                Providers = new[] { "alpha" },
                AttemptTimeout = "00:01:00",
                TotalTimeout = "00:01:00",
            },
        },
    };

    private static async Task<bool> TakesConnectionsAsync(Uri address)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
