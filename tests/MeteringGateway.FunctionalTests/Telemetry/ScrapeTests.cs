using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Telemetry;

/// <summary>The scrape of a gateway that has served calls of many outcomes.</summary>
public sealed partial class ScrapeTests(MeteringFixture gateway) : IClassFixture<MeteringFixture>
{
    [Fact]
    public async Task Scrape_AfterCallsOfEveryKind_HasAllNamesAndNoneOfAClient()
    {
        var (_, key) = await gateway.NewKeyAsync(credits: 20);
        await ExpectAsync(key, """{"surface":"search"}""", HttpStatusCode.OK);
        await ExpectAsync(key, """{"surface":"what-a-client-sent"}""", HttpStatusCode.NotFound);
        await ExpectAsync("mg_live_unknown", """{"surface":"search"}""", HttpStatusCode.Unauthorized);
        await ExpectAsync(key, """{"surface":"ads","format":"full","count":9}""", HttpStatusCode.PaymentRequired);
        (gateway.Alpha.Script, gateway.Beta.Script) = (_ => FakeReply.Error(503), _ => FakeReply.Error(503));
        await ExpectAsync(key, """{"surface":"search"}""", HttpStatusCode.BadGateway);
        await ExpectAsync(key, "{", HttpStatusCode.BadRequest);
        await gateway.Client.SendAsync(new HttpMethod("PURGE"), "path-of-a-client", null, null, ("Host", "host-of-a-client"));

        var scrape = (await gateway.Client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text;

        Assert.Equal("", await ComplaintsAsync(scrape));
        Assert.All(
            new[]
            {
                "metering_requests_total", "metering_credits_charged_total", "metering_request_duration_seconds",
                "metering_overhead_duration_seconds", "metering_store_duration_seconds", "metering_held_credits", "metering_holds",
                "metering_holds_expired_total", "metering_outbox_entries", "metering_outbox_oldest_seconds",
                "metering_ledger_entries_flushed_total", "metering_ledger_flush_duration_seconds", "metering_ledger_drift_credits",
                "metering_uncollected_credits_total", "metering_provider_attempts_total", "metering_provider_duration_seconds",
                "metering_provider_healthy", "metering_config_reloads_total", "process_start_time_seconds",
                "process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds", "dotnet_gc_collections_total",
                "dotnet_process_memory_working_set_bytes", "dotnet_thread_pool_queue_length", "kestrel_active_connections",
                "http_client_request_duration_seconds", "db_client_connections", "db_client_operation_duration_seconds",
            },
            name => Assert.Matches($"(?m)^{name}(_bucket)?[ {{]", scrape));
        Assert.Matches("(?m)^kestrel_active_connections [1-9]", scrape);
        Assert.Matches("(?m)^http_client_request_duration_seconds_count [1-9]", scrape);
        Assert.Matches("(?m)^db_client_connections\\{db_client_connection_state=\"idle\"\\} [1-9]", scrape);
        Assert.Matches("(?m)^process_open_fds [1-9]", scrape);
        Assert.DoesNotContain("of-a-client", scrape, StringComparison.Ordinal);
        Assert.DoesNotContain("what-a-client-sent", scrape, StringComparison.Ordinal);
        Assert.DoesNotContain("PURGE", scrape, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", scrape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_AfterMoreCalls_HasTheSeriesOfBefore()
    {
        var (_, key) = await gateway.NewKeyAsync(credits: 20);
        await ExpectAsync(key, """{"surface":"search"}""", HttpStatusCode.OK);
        var before = await SeriesAsync();
        await ExpectAsync(key, """{"surface":"seven"}""", HttpStatusCode.OK);
        await gateway.Client.SendAsync(HttpMethod.Get, "another/path", null, null);

        Assert.Empty(before.Except(await SeriesAsync()));
        Assert.Equal(before.Count, (await SeriesAsync()).Count);
    }

    private async Task<HashSet<string>> SeriesAsync() =>
        [.. Series().Matches((await gateway.Client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text).Select(match => match.Value)];

    private async Task ExpectAsync(string key, string body, HttpStatusCode status) =>
        Assert.Equal(status, (await gateway.Client.QueryAsync(key, body)).Status);

    /// <summary>The judge is Prometheus's own tool, which is installed with the servers of the tests.</summary>
    private static async Task<string> ComplaintsAsync(string scrape)
    {
        var promtool = ShellCommand.Find("promtool");
        Assert.NotNull(promtool);
        using var check = Process.Start(new ProcessStartInfo(promtool, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var (errors, output) = (check.StandardError.ReadToEndAsync(), check.StandardOutput.ReadToEndAsync());
        await check.StandardInput.WriteAsync(scrape);
        check.StandardInput.Close();
        var complaints = await errors + await output;
        await check.WaitForExitAsync();
        return check.ExitCode == 0 ? complaints : $"{complaints} (exit code {check.ExitCode})";
    }

    [GeneratedRegex("(?m)^[a-z][^ ]*")]
    private static partial Regex Series();
}
