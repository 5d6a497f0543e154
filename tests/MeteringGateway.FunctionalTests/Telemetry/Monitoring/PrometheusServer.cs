using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Telemetry.Monitoring;

/// <summary>
/// A real Prometheus on a free port with the repository's own configuration, which scrapes one gateway. Only the target and the intervals
/// are replaced, so that a rate is there after a second and not after a minute.
/// </summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly string s_files = Path.Combine(RepositoryFiles.Root, "config", "prometheus");

    private readonly TemporaryDirectory _directory;
    private readonly ChildServer _child;
    private readonly HttpClient _http;

    private PrometheusServer(TemporaryDirectory directory, ChildServer child, Uri address)
    {
        (_directory, _child) = (directory, child);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    }

    public static async Task<PrometheusServer> StartAsync(Uri gateway)
    {
        var program = ShellCommand.Find("prometheus") ?? throw new InvalidOperationException("prometheus is missing; ./test installs it.");
        var directory = new TemporaryDirectory();
        foreach (var rules in Directory.GetFiles(s_files, "*.yml"))
        {
            File.Copy(rules, directory.In(Path.GetFileName(rules)));
        }

        var configuration = directory.In("prometheus.yml");
        await File.WriteAllTextAsync(configuration, (await File.ReadAllTextAsync(configuration))
            .Replace("gateway:9464", gateway.Authority, StringComparison.Ordinal)
            .Replace("interval: 15s", "interval: 500ms", StringComparison.Ordinal)
            .Replace("timeout: 10s", "timeout: 500ms", StringComparison.Ordinal));
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}"));
        var child = await ChildServer.StartAsync(
            new ChildServerStart(
                "prometheus",
                [
                    program, $"--config.file={configuration}", $"--storage.tsdb.path={directory.In("data")}",
                    $"--web.listen-address={address.Authority}", "--log.level=warn",
                ])
            {
                WorkingDirectory = directory.Path,
                LogFile = directory.In("prometheus.log"),
            },
            TimeProvider.System,
            CancellationToken.None);
        var server = new PrometheusServer(directory, child, address);
        try
        {
            await Eventually.TrueAsync(
                server.IsReadyAsync, () => File.ReadAllText(directory.In("prometheus.log")), GatewayProcess.StartPatience);
        }
        catch (TimeoutException)
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>The samples that the query returns now, those left out that are no number (the quantile of nothing).</summary>
    /// <exception cref="InvalidOperationException">Prometheus does not take the query.</exception>
    public async Task<IReadOnlyList<double>> QueryAsync(string query)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("query", query)]);
        using var response = await _http.PostAsync(new Uri("api/v1/query", UriKind.Relative), form);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        if (answer.GetProperty("status").GetString() != "success")
        {
            throw new InvalidOperationException($"{query}: {answer.GetProperty("error").GetString()}");
        }

        var data = answer.GetProperty("data");
        var samples = data.GetProperty("resultType").GetString() == "scalar"
            ? [data.GetProperty("result")]
            : data.GetProperty("result").EnumerateArray().Select(series => series.GetProperty("value"));
        return
        [
            .. samples.Select(sample => double.Parse(sample[1].GetString()!, CultureInfo.InvariantCulture))
                .Where(value => !double.IsNaN(value)),
        ];
    }

    /// <summary>Each rule with its expression, its health (<c>ok</c> once it was evaluated) and the last error.</summary>
    public async Task<IReadOnlyList<(string Name, string Expression, string Health, string Error)>> RulesAsync()
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>("api/v1/rules");
        return
        [
            .. from @group in answer.GetProperty("data").GetProperty("groups").EnumerateArray()
               from rule in @group.GetProperty("rules").EnumerateArray()
               select (
                   rule.GetProperty("name").GetString()!, rule.GetProperty("query").GetString()!, rule.GetProperty("health").GetString()!,
                   rule.TryGetProperty("lastError", out var error) ? error.GetString()! : ""),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _child.DisposeAsync();
        _directory.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("-/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
