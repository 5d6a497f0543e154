using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Providers;

public sealed class ProviderHttp2Tests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(50)]
    public async Task Query_ConnectionsEndAfterSoManyRequests_EveryCallIsAnsweredOnce(int requestsPerConnection)
    {
        await using var alpha = FakeHttp2Provider.Start();
        alpha.RequestsPerConnection = requestsPerConnection;
        await using var gateway = await StartAsync(alpha);
        var answers = new List<GatewayAnswer>();
        for (var round = 0; round < 15; round++)
        {
            answers.AddRange(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => gateway.CallAsync())));
        }

        Assert.All(answers, answer => Assert.Equal((200, 1), ((int)answer.Status, answer.CreditsCharged)));
        Assert.All(answers, answer => Assert.Equal(["alpha:success"], answer.Attempts));
        Assert.Equal(120, alpha.Bodies.Count);
        Assert.All(alpha.Bodies, body => Assert.Equal("""{"surface":"search"}""", body));
        Assert.True(alpha.Connections > 1 || requestsPerConnection > 8);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Query_StreamIsRefusedUnprocessed_IsSentAgain(int refusals)
    {
        await using var alpha = FakeHttp2Provider.Start();
        await using var gateway = await StartAsync(alpha);
        alpha.RefuseNext(refusals);
        var answer = await gateway.CallAsync();
        Assert.Equal((200, 1), ((int)answer.Status, answer.CreditsCharged));
        Assert.Equal(["alpha:success"], answer.Attempts);
        Assert.Single(alpha.Bodies);
    }

    [Fact]
    public async Task Query_ConnectionFallsSilent_IsGivenUpOnTheFirstTimeout()
    {
        await using var alpha = FakeHttp2Provider.Start();
        await using var gateway = await StartAsync(alpha);
        Assert.Equal(["alpha:success"], (await gateway.CallAsync()).Attempts);
        alpha.FallSilent();
        Assert.Equal(["alpha:timeout"], (await gateway.CallAsync()).Attempts);
        for (var call = 0; call < 10; call++)
        {
            Assert.Equal(["alpha:success"], (await gateway.CallAsync()).Attempts);
        }
    }

    [Fact]
    public async Task Query_ConnectionFallsSilentUnderAPatientCall_IsFoundByAPing()
    {
        await using var alpha = FakeHttp2Provider.Start();
        await using var gateway = await StartAsync(alpha);
        Assert.Equal(["alpha:success"], (await gateway.CallAsync()).Attempts);
        alpha.FallSilent();
        var answer = await gateway.CallAsync("patient");
        Assert.Equal(["alpha:bad_response"], answer.Attempts);
        Assert.Equal(["alpha:success"], (await gateway.CallAsync("patient")).Attempts);
    }

    [Theory]
    [InlineData("chat", false, 12)]
    [InlineData("chat", true, 5)]
    [InlineData("search", false, 1)]
    [InlineData("search", true, 1)]
    public async Task Stream_OverHttp2_IsChargedWhatItShowedAndBreaksOffWhereItIsReset(string surface, bool resets, long charged)
    {
        await using var alpha = FakeHttp2Provider.Start();
        string[] events = ["data: {\"usage\":{\"total_tokens\":5}}\n\n", "data: {\"usage\":{\"total_tokens\":12}}\n\n"];
        var seen = new TaskCompletionSource();
        (alpha.Events, alpha.ResetAfter) = resets ? (events[..1], seen.Task) : (events, null);
        await using var gateway = await StartAsync(alpha);

        using var stream = await OpenStream.BeginAsync(gateway.Process.Address, gateway.Key, $$"""{"surface":"{{surface}}"}""");
        await stream.ReadToAsync(events[0]);
        seen.SetResult();
        Assert.True(await stream.ReadToEndAsync());

        Assert.StartsWith(string.Concat(alpha.Events), stream.Read, StringComparison.Ordinal);
        Assert.Equal(resets, stream.Read.Contains("\n\nevent: error\n", StringComparison.Ordinal));
        Assert.Equal(resets, stream.Read.Contains("\"code\":\"provider_broke_off\"", StringComparison.Ordinal));
        var entry = (await gateway.Stores.Books.AwaitEntriesAsync(gateway.Account, 2))[1];
        Assert.Equal((stream.RequestId, -charged), (entry.EntryId, entry.CreditsDelta));
        await gateway.AwaitMetricAsync(
            $"metering_provider_attempts_total{{outcome=\"{(resets ? "bad_response" : "success")}\",provider=\"alpha\"}} 1");

        // The connection has nothing against it.
        (alpha.Events, alpha.ResetAfter) = (null, null);
        Assert.Equal(["alpha:success"], (await gateway.CallAsync()).Attempts);
        Assert.Equal(1, alpha.Connections);
    }

    private static Task<ProvidersGateway> StartAsync(FakeHttp2Provider alpha) => ProvidersGateway.StartAsync(new
    {
        ReverseProxy = new
        {
            Clusters = new
            {
                alpha = new
                {
                    Destinations = new { d1 = new { alpha.Address } },
                    HttpRequest = new { Version = "2", VersionPolicy = "RequestVersionExact" },
                },
            },
        },
        Surfaces = new
        {
            search = ProvidersGateway.Surface("alpha"),
            chat = new
            {
                Price = new { Usage = "usage.total_tokens", CreditsPerThousand = 1_000, MaxCredits = 50 },
                Providers = new[] { "alpha" },
            },
            patient = new
            {
                Price = new { Credits = 1 },
                Providers = new[] { "alpha" },
                AttemptTimeout = "00:01:00",
                TotalTimeout = "00:01:00",
            },
        },
    });
}
