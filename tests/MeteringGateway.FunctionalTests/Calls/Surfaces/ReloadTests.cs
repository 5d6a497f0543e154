using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Surfaces;

public sealed class ReloadTests
{
    [Fact]
    public async Task Reload_RemovesAProviderThatACallInFlightStillNeeds_ItAnswers()
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        await using var beta = FakeProvider.Start("""{"from":"beta"}""");
        await using var gateway = await GatewayProcess.StartAsync(stores, Config(alpha, beta));
        var key = await gateway.Client.CreateKeyAsync(await gateway.Client.CreateAccountAsync(100));
        var (arrived, released) = (NewSignal(), NewSignal());
        alpha.Script = _ =>
        {
            arrived.TrySetResult();
            return FakeReply.Error(503) with { Until = released.Task };
        };

        var call = gateway.Client.QueryAsync(key, """{"surface":"search"}""");
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await gateway.ReplaceConfigAsync(Config(alpha));
        await Eventually.TrueAsync(
            async () => (await MetricsAsync(gateway)).Contains(
                "metering_config_reloads_total{result=\"accepted\"} 1", StringComparison.Ordinal),
            () => gateway.Log);
        released.SetResult();
        var answer = await call;

        Assert.Equal(["alpha:status", "beta:success"], answer.Attempts);
        Assert.Equal((2, 98), (answer.CreditsCharged, answer.RemainingCredits));
        Assert.DoesNotContain("beta", await MetricsAsync(gateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_OnItsOwnHome_LeavesNothingThere()
    {
        using var home = new TemporaryDirectory();
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        await using var gateway = await GatewayProcess.StartAsync(
            stores, Config(alpha), new Dictionary<string, string> { ["HOME"] = home.Path });

        Assert.Equal(0, await gateway.StopAsync());

        Assert.Equal([], Directory.GetFileSystemEntries(home.Path, "*", SearchOption.AllDirectories));
    }

    private static async Task<string> MetricsAsync(GatewayProcess gateway) =>
        (await gateway.Client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static object Config(FakeProvider alpha, FakeProvider? beta = null)
    {
        var clusters = new Dictionary<string, object> { ["alpha"] = Cluster(alpha) };
        if (beta is not null)
        {
            clusters["beta"] = Cluster(beta);
        }

        // The reload takes a second; the attempt must outlast it.
        return new
        {
            ReverseProxy = new { Clusters = clusters },
            Surfaces = new
            {
                search = new
                {
                    Price = new { Credits = 2 },
                    Providers = clusters.Keys,
                    AttemptTimeout = "00:00:20",
                    TotalTimeout = "00:00:30",
                },
            },
        };
    }

    private static object Cluster(FakeProvider provider) => new { Destinations = new { d = new { provider.Address } } };
}
