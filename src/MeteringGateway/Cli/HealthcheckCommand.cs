using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MeteringGateway.Configuration;
using MeteringGateway.Hosting;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Cli;

/// <summary>
/// <c>healthcheck</c>: one look at the probes of the gateway in the same container, whose image holds no shell and no curl to look with.
/// It finds the address where <c>serve</c> does, so nothing has to say it twice.
/// </summary>
internal static class HealthcheckCommand
{
    /// <summary>As container engines read it; they keep 2 for themselves, and here it is what a wrong command line gives.</summary>
    private const int Unhealthy = 1;

    private const string NoProbe = "an answer of no probe";

    /// <summary>A probe asks Redis, which has most of a second; an engine waits for as long as its own timeout says.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static Command Build()
    {
        var url = new Option<string?>("--url")
        {
            Description = "Where the gateway is. Default: the first of Management:Urls, else of Urls, on this machine.",
            HelpName = "URL",
        };
        var alive = new Option<bool>("--alive")
        {
            Description = "Ask whether the process answers (/healthz), not whether calls can be served (/readyz).",
        };
        var command = new Command("healthcheck", "Ask a gateway's probe once, for a container's health check. Exit codes: 0 healthy, "
            + "1 not healthy or no answer, 2 wrong usage or configuration.") { url, alive };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(url), parsed.GetValue(alive), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error,
            cancellation));
        return command;
    }

    /// <summary>Where a gateway on this machine listens as configured; null where only Kestrel's endpoints say it.</summary>
    internal static Uri? AddressOf(IConfiguration configuration)
    {
        var listens = First(configuration.GetSection("Management:Urls")) ?? First(configuration.GetSection("Urls"));
        if (listens is null || !AddressOptions.IsListenAddress(listens))
        {
            return null;
        }

        // An address that stands for all of the machine's is no address to connect to.
        var address = BindingAddress.Parse(listens);
        var host = address.Host switch
        {
            "*" or "+" or "0.0.0.0" => "127.0.0.1",
            "[::]" => "[::1]",
            var named => named,
        };
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{host}:{address.Port}/"));
    }

    private static string? First(IConfigurationSection addresses) =>
        (addresses.Value ?? addresses.GetChildren().FirstOrDefault()?.Value ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();

    private static async Task<int> RunAsync(
        string? url, bool isAlive, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        Uri? gateway;
        try
        {
            gateway = url is null ? AddressOf(GatewayConfiguration.Load()) : Given(url);
        }
        catch (ConfigurationException e)
        {
            await error.WriteLineAsync(string.Join('\n', e.Lines));
            return ConfigurationException.ExitCode;
        }

        if (gateway is null)
        {
            await error.WriteLineAsync(url is null
                ? "Neither Management:Urls nor Urls says where the gateway listens: name it with --url, like http://127.0.0.1:8080"
                : $"--url '{CommandInput.Plain(url)}' is no URL like http://127.0.0.1:8080");
            return KeysCommand.WrongUsage;
        }

        var probe = new Uri(gateway, isAlive ? "/healthz" : "/readyz");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = s_patience };
        try
        {
            using var answer = await http.GetAsync(probe, cancellation);
            var said = Said(await answer.Content.ReadAsStringAsync(cancellation));
            await (answer.IsSuccessStatusCode ? output : error).WriteLineAsync(
                CommandInput.Plain(string.Create(CultureInfo.InvariantCulture, $"{said} ({(int)answer.StatusCode} from {probe})")));
            return answer.IsSuccessStatusCode ? KeysCommand.Done : Unhealthy;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            var reason = e is HttpRequestException ? e.Message : $"no answer within {s_patience.TotalSeconds:0} s";
            await error.WriteLineAsync(CommandInput.Plain($"{probe}: {reason}"));
            return Unhealthy;
        }
    }

    private static Uri? Given(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var given) && given.Scheme is "http" or "https" && given.Host.Length > 0 ? given : null;

    /// <summary>The probe's word and its reasons; what another server answers is not repeated.</summary>
    private static string Said(string body)
    {
        try
        {
            var health = JsonSerializer.Deserialize<Health>(body, WireJson.Options);
            return health?.Status is { Length: > 0 } status ? string.Join(": ", [status, .. health.Reasons ?? []]) : NoProbe;
        }
        catch (JsonException)
        {
            return NoProbe;
        }
    }
}
