using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Providers;

/// <summary><c>GET /admin/providers</c> and the metric of the circuits, by real calls and real failures.</summary>
public sealed class ProviderStatesTests
{
    private const string Metric = "metering_provider_circuit_state{provider=\"alpha\"}";

    [Fact]
    public async Task Providers_AfterRealFailures_TellStateOutcomesAndLastError()
    {
        await using var alpha = FakeProvider.Start();
        await using var beta = FakeProvider.Start();
        await using var gateway = await StartAsync(alpha, beta, new { FailuresInARow = 2, RetryAfter = "00:10:00" });
        var before = await AlphaAsync(gateway);
        Assert.Equal(("closed", "closed", alpha.Address), (before.State, before.Destination("state"), before.Destination("address")));
        Assert.Equal((null, JsonValueKind.Null, "{}"), (before.Destination("reason"), before.LastError.ValueKind, before.Outcomes));

        await gateway.CallAsync();
        alpha.Script = _ => FakeReply.Error(503);
        await gateway.CallAsync();
        var once = await AlphaAsync(gateway);
        Assert.Equal(
            ("closed", "status 503", """{"success":1,"status":1}"""),
            (once.State, once.LastError.GetProperty("outcome").GetString(), once.Outcomes));
        Assert.True(once.LastError.GetProperty("at").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);

        await gateway.CallAsync();
        await gateway.CallAsync();
        var open = await AlphaAsync(gateway);
        Assert.Equal(
            ("open", "2 failures in a row, the last status 503", """{"success":1,"status":2}"""),
            (open.State, open.Destination("reason"), open.Outcomes));
        await gateway.AwaitMetricAsync(Metric + " 2");
        Assert.Equal("closed", (await ProviderAsync(gateway, "beta")).State);
    }

    [Theory]
    [InlineData("connect_error")]
    [InlineData("timeout")]
    [InlineData("bad_response")]
    public async Task Providers_AfterAFailureOfItsKind_NameIt(string outcome)
    {
        await using var alpha = FakeProvider.Start(
            _ => outcome == "timeout" ? FakeReply.Hang() : FakeReply.Cut("""{"answer":42}""", after: 5));
        await using var beta = FakeProvider.Start();
        await using var gateway = await StartAsync(alpha, beta, new { });
        if (outcome == "connect_error")
        {
            await alpha.RefuseAsync();
        }

        Assert.Equal([$"alpha:{outcome}", "beta:success"], (await gateway.CallAsync()).Attempts);

        var state = await AlphaAsync(gateway);
        Assert.Equal(
            (outcome, $$"""{"{{outcome}}":1}"""), (state.LastError.GetProperty("outcome").GetString(), state.Outcomes));
    }

    /// <summary>While the probe is under way nobody else waits for a provider that may still be down.</summary>
    [Fact]
    public async Task HalfOpen_WithManyCalls_LetsOneThroughAndClosesByItsAnswer()
    {
        await using var alpha = FakeProvider.Start(_ => FakeReply.Error(503));
        await using var beta = FakeProvider.Start();
        await using var gateway = await StartAsync(alpha, beta, new { FailuresInARow = 1, RetryAfter = "00:00:01" });
        Assert.Equal(["alpha:status", "beta:success"], (await gateway.CallAsync("patient")).Attempts);
        await Eventually.TrueAsync(
            async () => (await AlphaAsync(gateway)).State == "half_open", () => "the circuit is never due");
        await gateway.AwaitMetricAsync(Metric + " 1");

        var answer = new TaskCompletionSource();
        alpha.Script = _ => FakeReply.Json("{}") with { Until = answer.Task };
        var probe = gateway.CallAsync("patient");
        await alpha.AwaitCountAsync(2);
        var others = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => gateway.CallAsync("patient")));
        Assert.All(others, other => Assert.Equal(["alpha:skipped_unhealthy", "beta:success"], other.Attempts));
        Assert.Equal((2, "half_open"), (alpha.Count, (await AlphaAsync(gateway)).State));

        answer.SetResult();
        Assert.Equal(["alpha:success"], (await probe).Attempts);
        Assert.Equal("closed", (await AlphaAsync(gateway)).State);
        await gateway.AwaitMetricAsync(Metric + " 0");
        Assert.Equal(["alpha:success"], (await gateway.CallAsync("patient")).Attempts);
    }

    /// <summary>A stream may run for minutes: that the provider is back is known by its first byte.</summary>
    [Fact]
    public async Task HalfOpen_WhoseProbeIsAStream_ClosesWithItsFirstByte()
    {
        await using var alpha = FakeProvider.Start(_ => FakeReply.Error(503));
        await using var beta = FakeProvider.Start();
        await using var gateway = await StartAsync(alpha, beta, new { FailuresInARow = 1, RetryAfter = "00:00:01" });
        await gateway.CallAsync("patient");
        await Eventually.TrueAsync(
            async () => (await AlphaAsync(gateway)).State == "half_open", () => "the circuit is never due");

        var end = new TaskCompletionSource();
        alpha.Script = _ => FakeReply.Events("data: 1\n\n", "data: 2\n\n") with
        {
            BeforePiece = piece => piece == 1 ? end.Task : Task.CompletedTask,
        };
        var probe = gateway.CallAsync("patient");
        await Eventually.TrueAsync(
            async () => (await AlphaAsync(gateway)).State == "closed", () => "the circuit stays open beside a stream that goes well");
        alpha.Script = _ => FakeReply.Json("{}");
        Assert.Equal(["alpha:success"], (await gateway.CallAsync("patient")).Attempts);

        end.SetResult();
        Assert.Equal("data: 1\n\ndata: 2\n\n", (await probe).Text);
    }

    [Fact]
    public async Task Providers_AskedByAnyoneElse_AreRefused()
    {
        await using var alpha = FakeProvider.Start();
        await using var beta = FakeProvider.Start();
        await using var gateway = await StartAsync(alpha, beta, new { });
        var session = (await gateway.Process.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{gateway.Account}/sessions"))
            .Expect(System.Net.HttpStatusCode.Created).GetProperty("session").GetString();
        foreach (var (bearer, status) in new[] { (null, 401), ("nobody", 401), (gateway.Key, 403), (session, 403) })
        {
            var answer = await gateway.Process.Client.SendAsync(HttpMethod.Get, "admin/providers", bearer, null);
            Assert.Equal((status, false), ((int)answer.Status, answer.Text.Contains("alpha", StringComparison.Ordinal)));
        }
    }

    private static Task<Listed> AlphaAsync(ProvidersGateway gateway) => ProviderAsync(gateway, "alpha");

    private static async Task<Listed> ProviderAsync(ProvidersGateway gateway, string name)
    {
        var answer = (await gateway.Process.Client.AdminAsync(HttpMethod.Get, "admin/providers")).ExpectSuccess();
        return new Listed(answer.GetProperty("providers").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name));
    }

    private static Task<ProvidersGateway> StartAsync(FakeProvider alpha, FakeProvider beta, object health) =>
        ProvidersGateway.StartAsync(new
        {
            ReverseProxy = new
            {
                Clusters = new { alpha = ProvidersGateway.Cluster(alpha.Address), beta = ProvidersGateway.Cluster(beta.Address) },
            },
            Surfaces = new
            {
                search = ProvidersGateway.Surface("alpha", "beta"),
                patient = new
                {
                    Price = new { Credits = 1 },
                    Providers = new[] { "alpha", "beta" },
                    AttemptTimeout = "00:01:00",
                    TotalTimeout = "00:01:00",
                },
            },
            Providers = new { Health = health },
        });

    /// <summary>A provider in the operator's list, with its only destination.</summary>
    private sealed record Listed(JsonElement Json)
    {
        private JsonElement Only => Assert.Single(Json.GetProperty("destinations").EnumerateArray());

        public string? State => Json.GetProperty("state").GetString();
        public string? Destination(string name) => Only.GetProperty(name).GetString();
        public JsonElement LastError => Only.GetProperty("last_error");
        public string Outcomes => Only.GetProperty("outcomes").GetRawText();
    }
}
