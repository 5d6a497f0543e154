using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Telemetry;

/// <summary>What a collector gets from a gateway that was told of it, and what providers get.</summary>
public sealed class TraceTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Client = "00f067aa0ba902b7";

    [Fact]
    public async Task Call_WithACollector_IsOneTraceThatItsFlushLinksTo()
    {
        await using var stores = await Stores.StartAsync();
        await using var collector = new Collector();
        await using var alpha = FakeProvider.Start(FakeReply.Error(503));
        await using var beta = FakeProvider.Start();
        await using var gateway = await StartAsync(stores, alpha, beta, collector, passes: "false");
        var key = await gateway.Client.CreateKeyAsync(await gateway.Client.CreateAccountAsync(100));

        var answer = await CallAsync(gateway, key);

        await Eventually.TrueAsync(
            () => Task.FromResult(collector.Spans.Any(span => span.Name == "flush" && span.LinkedTraces.Contains(Trace))
                && collector.Spans.Any(span => span.Name == "call" && span.Trace == Trace)),
            () => string.Join('\n', collector.Spans));
        var spans = collector.Spans;
        var call = Assert.Single(spans, span => span.Name == "call");
        Assert.Equal((Trace, Client), (call.Trace, call.Parent));
        Assert.Equal(
            ("search", "charged", "2", answer.Json.GetProperty("request_id").GetString(), "200"),
            (call.Tags["metering.surface"], call.Tags["metering.outcome"], call.Tags["metering.credits"],
                call.Tags["metering.request_id"], call.Tags["http.response.status_code"]));
        var children = spans.Where(span => span.Parent == call.Id).ToList();
        Assert.Equal(["attempt", "attempt", "commit", "reserve"], children.Select(span => span.Name).Order());
        Assert.Equal(
            ["alpha status 503", "beta success 200"],
            children.Where(span => span.Name == "attempt").Select(span =>
                $"{span.Tags["metering.provider"]} {span.Tags["metering.outcome"]} {span.Tags["http.response.status_code"]}").Order());
        Assert.Equal(("mine", "here"), (collector.Resource["service.name"], collector.Resource["deployment.environment.name"]));

        // The flush is a trace of its own: it may have written the entries of many calls.
        Assert.All(spans.Where(span => span.Name == "flush"), flush => Assert.NotEqual(Trace, flush.Trace));
        await Eventually.TrueAsync(
            () => Task.FromResult(
                collector.Metrics.Contains("metering_requests_total") && collector.Metrics.Contains("dotnet.gc.collections")),
            () => string.Join('\n', collector.Metrics));
        Assert.DoesNotContain(key, collector.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("@example.com", collector.Text, StringComparison.Ordinal);
        Assert.All(
            alpha.Requests.Concat(beta.Requests),
            request => Assert.DoesNotContain(
                request.Headers, header => header.Name.ToLowerInvariant() is "traceparent" or "tracestate" or "baggage"));
    }

    [Fact]
    public async Task Call_WhereProvidersAreTold_PassesTheSpanOfItsAttempt()
    {
        await using var stores = await Stores.StartAsync();
        await using var collector = new Collector();
        await using var alpha = FakeProvider.Start();
        await using var gateway = await StartAsync(stores, alpha, alpha, collector, passes: "true");
        var key = await gateway.Client.CreateKeyAsync(await gateway.Client.CreateAccountAsync(100));

        await CallAsync(gateway, key);

        await Eventually.TrueAsync(
            () => Task.FromResult(collector.Spans.Any(span => span.Name == "attempt")), () => string.Join('\n', collector.Spans));
        var attempt = collector.Spans.Single(span => span.Name == "attempt");
        var headers = alpha.Requests.Single().Headers.ToDictionary(
            header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(($"00-{Trace}-{attempt.Id}-01", "vendor=1"), (headers["traceparent"], headers["tracestate"]));
        Assert.DoesNotContain("baggage", headers.Keys);
    }

    private static Task<GatewayAnswer> CallAsync(GatewayProcess gateway, string key) => gateway.Client.QueryAsync(
        key, """{"surface":"search"}""",
        ("traceparent", $"00-{Trace}-{Client}-01"), ("tracestate", "vendor=1"), ("baggage", "who=me"));

    private static Task<GatewayProcess> StartAsync(
        Stores stores, FakeProvider alpha, FakeProvider beta, Collector collector, string passes) =>
        GatewayProcess.StartAsync(stores, MeteringFixture.Config(alpha, beta), new Dictionary<string, string>
        {
            ["ALPHA_KEY"] = "x",
            ["Tracing__PassToProviders"] = passes,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = "mine",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=here",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        });
}
