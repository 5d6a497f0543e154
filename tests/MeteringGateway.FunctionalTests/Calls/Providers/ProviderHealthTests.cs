using System.Net;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Providers;

public sealed class ProviderHealthTests
{
    [Fact]
    public async Task Query_ProviderRefusesConnections_IsSkippedAfterFiveCallsAndTriedAgainByOne()
    {
        await using var alpha = FakeProvider.Start();
        await using var beta = FakeProvider.Start("""{"from":"beta"}""");
        await using var gateway = await StartAsync(alpha, beta, new { RetryAfter = "00:00:02" });
        await alpha.RefuseAsync();
        for (var call = 0; call < 5; call++)
        {
            Assert.Equal(["alpha:connect_error", "beta:success"], (await gateway.CallAsync()).Attempts);
        }

        Assert.Equal(["alpha:skipped_unhealthy", "beta:success"], (await gateway.CallAsync()).Attempts);
        await gateway.AwaitMetricAsync("metering_provider_healthy{provider=\"alpha\"} 0");
        alpha.AcceptAgain();
        await Eventually.TrueAsync(
            async () => (await gateway.CallAsync()).Attempts is ["alpha:success"], () => "alpha is never tried again");
        await gateway.AwaitMetricAsync("metering_provider_healthy{provider=\"alpha\"} 1");
        Assert.Equal(["alpha:success"], (await gateway.CallAsync()).Attempts);
        var lines = gateway.Process.Log.Split('\n').Where(line => line.Contains("Provider alpha (", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.Contains("is out: 5 failures in a row, the last connect_error", lines[0], StringComparison.Ordinal);
        Assert.Contains("is back", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_YarpsExampleOfChecksAndADeadProvider_IsSkippedAllTheSame()
    {
        await using var beta = FakeProvider.Start();
        await using var gateway = await ProvidersGateway.StartAsync(Config(
            new
            {
                Destinations = new { d1 = new { Address = $"http://127.0.0.1:{LoopbackPort.Free()}" } },
                HealthCheck = new
                {
                    Active = new
                    {
                        Enabled = true,
                        Interval = "00:00:10",
                        Timeout = "00:00:10",
                        Policy = "ConsecutiveFailures",
                        Path = "/api/health",
                    },
                    Passive = new { Enabled = true, Policy = "TransportFailureRate", ReactivationPeriod = "00:00:10" },
                },
            },
            beta.Address,
            new { }));
        var attempts = new List<string>();
        for (var call = 0; call < 20; call++)
        {
            attempts.AddRange((await gateway.CallAsync()).Attempts);
        }

        Assert.InRange(attempts.Count(attempt => attempt == "alpha:connect_error"), 0, 5);
        await gateway.AwaitMetricAsync("metering_provider_healthy{provider=\"alpha\"} 0");
    }

    [Fact]
    public async Task Query_EveryProviderIsOut_TheLastIsTriedAndNoSurfaceIsServed()
    {
        await using var alpha = FakeProvider.Start(_ => FakeReply.Error(503));
        await using var beta = FakeProvider.Start(_ => FakeReply.Error(500));
        await using var gateway = await StartAsync(alpha, beta, new { RetryAfter = "00:01:00" });
        for (var call = 0; call < 5; call++)
        {
            await gateway.CallAsync();
        }

        var answer = await gateway.CallAsync();
        Assert.Equal((502, "providers_failed"), ((int)answer.Status, answer.Code));
        Assert.Equal(["alpha:skipped_unhealthy", "beta:status"], answer.Attempts);
        var ready = await gateway.ReadyAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not ready"), (ready.Status, ready.Json.GetProperty("status").GetString()));
        Assert.Contains("no surface can be served", ready.Text, StringComparison.Ordinal);
        beta.Script = _ => FakeReply.Json("{}");
        Assert.Equal(["alpha:skipped_unhealthy", "beta:success"], (await gateway.CallAsync()).Attempts);
        var again = await gateway.ReadyAsync();
        Assert.Equal((HttpStatusCode.OK, "degraded"), (again.Status, again.Json.GetProperty("status").GetString()));
        Assert.Equal(
            ["alone"], again.Json.GetProperty("surfaces").EnumerateArray().Select(surface => surface.GetProperty("surface").GetString()));
    }

    [Fact]
    public async Task Readyz_OneSurfaceHasNoProviderLeft_IsDegradedAndNamesIt()
    {
        await using var alpha = FakeProvider.Start(_ => FakeReply.Error(503));
        await using var beta = FakeProvider.Start();
        await using var gateway = await StartAsync(alpha, beta, new { RetryAfter = "00:00:02" });
        for (var call = 0; call < 5; call++)
        {
            await gateway.CallAsync("alone");
        }

        var ready = await gateway.ReadyAsync();
        Assert.Equal((HttpStatusCode.OK, "degraded"), (ready.Status, ready.Json.GetProperty("status").GetString()));
        var surface = Assert.Single(ready.Json.GetProperty("surfaces").EnumerateArray());
        Assert.Equal("alone", surface.GetProperty("surface").GetString());
        Assert.Equal("no healthy provider: alpha: 5 failures in a row, the last status 503", surface.GetProperty("reason").GetString());
        Assert.Contains("metering_surface_available{surface=\"alone\"} 0\n", await gateway.MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains("metering_surface_available{surface=\"search\"} 1\n", await gateway.MetricsAsync(), StringComparison.Ordinal);

        // Due to be tried again is servable, though nobody calls.
        await Eventually.TrueAsync(
            async () => (await gateway.ReadyAsync()).Json.GetProperty("status").GetString() == "ready", () => "still degraded");
        await gateway.AwaitMetricAsync("metering_surface_available{surface=\"alone\"} 1");
        Assert.Contains("metering_provider_healthy{provider=\"alpha\"} 0\n", await gateway.MetricsAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/\u00E9")]
    [InlineData("text/\u0080")]
    public async Task Query_AcceptThatCannotBeSent_IsLeftOutAndNobodyIsToBlame(string accept)
    {
        await using var alpha = FakeProvider.Start();
        await using var beta = FakeProvider.Start();
        await using var gateway = await StartAsync(alpha, beta, new { });
        for (var call = 0; call < 6; call++)
        {
            var answer = await RawQuery.SendAsync(gateway, $"Accept: {accept}");
            Assert.Contains("\"outcome\":\"success\"", answer, StringComparison.Ordinal);
        }

        Assert.Equal(6, alpha.Count);
        Assert.All(alpha.Requests, request => Assert.Equal("application/json", request.Header("Accept")));
    }

    [Theory]
    [InlineData("application/json; charset=utf-8; note=\"\u00E9\"")]
    [InlineData("application/json;")]
    [InlineData("Application/JSON ; charset=\"UTF-8\"")]
    public async Task Query_ContentTypeWithOddParameters_ReachesTheProviderOrIsRefusedHere(string contentType)
    {
        await using var alpha = FakeProvider.Start();
        await using var beta = FakeProvider.Start();
        await using var gateway = await StartAsync(alpha, beta, new { });
        var answer = await RawQuery.SendAsync(gateway, "Accept: */*", contentType);
        Assert.True(answer.StartsWith("HTTP/1.1 415", StringComparison.Ordinal)
            || answer.Contains("\"provider_attempts\":[{\"provider\":\"alpha\",\"outcome\":\"success\"", StringComparison.Ordinal), answer);
        Assert.Equal(0, beta.Count);
    }

    [Fact]
    public async Task Query_ClientsLeaveAProviderThatIsSlow_ItIsNotToBlame()
    {
        await using var alpha = FakeProvider.Start(_ => FakeReply.Hang());
        await using var beta = FakeProvider.Start();
        await using var gateway = await StartAsync(alpha, beta, new { FailuresInARow = 1 });
        for (var call = 1; call <= 3; call++)
        {
            using var leaving = new CancellationTokenSource();
            var under = gateway.Process.Client.Http.SendAsync(RawQuery.Request(gateway), leaving.Token);
            await alpha.AwaitCountAsync(call);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => under);
        }

        alpha.Script = _ => FakeReply.Json("{}");
        Assert.Equal(["alpha:success"], (await gateway.CallAsync()).Attempts);
    }

    [Fact]
    public async Task Query_TotalTimeEndsTheSecondAttempt_OnlyTheFirstProviderIsToBlame()
    {
        await using var alpha = FakeProvider.Start(_ => FakeReply.Hang());
        await using var beta = FakeProvider.Start(_ => FakeReply.Hang());
        await using var gateway = await StartAsync(alpha, beta, new { FailuresInARow = 1, RetryAfter = "00:01:00" });
        var answer = await gateway.CallAsync("hurried");
        Assert.Equal((504, "providers_timed_out"), ((int)answer.Status, answer.Code));
        Assert.Equal(["alpha:timeout", "beta:timeout"], answer.Attempts);
        await gateway.AwaitMetricAsync("metering_provider_healthy{provider=\"alpha\"} 0");
        await gateway.AwaitMetricAsync("metering_provider_attempts_cut_total{provider=\"beta\"} 1");
        Assert.Contains("metering_provider_healthy{provider=\"beta\"} 1\n", await gateway.MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains(
            "metering_provider_attempts_total{outcome=\"timeout\",provider=\"beta\"} 0\n",
            await gateway.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_ProviderAsksToWait_IsLeftAloneForThatLong()
    {
        await using var alpha = FakeProvider.Start(_ => FakeReply.Error(429) with { Headers = [("Retry-After", "60")] });
        await using var beta = FakeProvider.Start();
        await using var gateway = await StartAsync(alpha, beta, new { });
        Assert.Equal(["alpha:status", "beta:success"], (await gateway.CallAsync()).Attempts);
        Assert.Equal(["alpha:skipped_unhealthy", "beta:success"], (await gateway.CallAsync()).Attempts);
        Assert.Equal(1, alpha.Count);
    }

    [Fact]
    public async Task Reload_OfAnotherProvider_KeepsWhatIsKnownOfThisOne()
    {
        await using var alpha = FakeProvider.Start(_ => FakeReply.Error(503));
        await using var beta = FakeProvider.Start();
        await using var gateway = await StartAsync(alpha, beta, new { FailuresInARow = 1, RetryAfter = "00:01:00" });
        Assert.Equal(["alpha:status", "beta:success"], (await gateway.CallAsync()).Attempts);
        await gateway.Process.ReplaceConfigAsync(Config(
            ProvidersGateway.Cluster(alpha.Address), beta.Address, new { FailuresInARow = 1, RetryAfter = "00:01:00" }, path: "/other"));
        await gateway.AwaitMetricAsync("metering_config_reloads_total{result=\"accepted\"} 1");
        Assert.Equal(["alpha:skipped_unhealthy", "beta:success"], (await gateway.CallAsync()).Attempts);
    }

    [Fact]
    public async Task ActiveCheck_ProviderThatWantsItsKeyEverywhere_GetsIt()
    {
        await using var alpha = FakeProvider.Start(request =>
            request.Header("X-Key") == "secret" && request.Header("Host") == "alpha.example" ? FakeReply.Json("{}") : FakeReply.Error(401));
        await using var beta = FakeProvider.Start();
        await using var gateway = await ProvidersGateway.StartAsync(Config(
            new
            {
                Destinations = new { d1 = new { alpha.Address, Host = "alpha.example" } },
                HealthCheck = new
                {
                    Active = new
                    {
                        Enabled = true,
                        Interval = "00:00:00.200",
                        Timeout = "00:00:05",
                        Policy = "ConsecutiveFailures",
                        Path = "/health",
                    },
                },
                Metadata = new Dictionary<string, string> { ["Header:X-Key"] = "secret" },
            },
            beta.Address,
            new { }));
        await alpha.AwaitCountAsync(4);
        Assert.Equal(["alpha:success"], (await gateway.CallAsync()).Attempts);
        Assert.All(
            alpha.Requests.Where(request => request.Method == "GET"),
            request => Assert.Equal(("/health", "secret"), (request.Target, request.Header("X-Key"))));
    }

    private static Task<ProvidersGateway> StartAsync(FakeProvider alpha, FakeProvider beta, object health) =>
        ProvidersGateway.StartAsync(Config(ProvidersGateway.Cluster(alpha.Address), beta.Address, health));

    private static object Config(object alpha, string beta, object health, string path = "/v1") => new
    {
        ReverseProxy = new
        {
            Clusters = new Dictionary<string, object>
            {
                ["alpha"] = alpha,
                ["beta"] = new { Destinations = new { d1 = new { Address = beta } }, Metadata = new { Path = path } },
            },
        },
        Surfaces = new Dictionary<string, object>
        {
            ["search"] = ProvidersGateway.Surface("alpha", "beta"),
            ["alone"] = ProvidersGateway.Surface("alpha"),
            ["hurried"] = new
            {
                Price = new { Credits = 1 },
                Providers = new[] { "alpha", "beta" },
                AttemptTimeout = "00:00:02",
                TotalTimeout = "00:00:03",
            },
        },
        Providers = new { Health = health },
    };
}
