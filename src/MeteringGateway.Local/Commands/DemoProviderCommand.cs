using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using MeteringGateway.Local.DemoProviders;

namespace MeteringGateway.Local.Commands;

/// <summary>Verb demo-provider: four small real servers to point a gateway at.</summary>
internal static class DemoProviderCommand
{
    private const int LastPort = 65535;
    private const int MostSeconds = 3600;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static Command Build(TimeProvider time)
    {
        var defaults = new DemoProviderOptions();
        var port = Typed.Whole(
            "--port",
            $"First of four ports in a row: reliable, flaky, slow, usage-priced. Default: {DemoProviderOptions.DefaultFirstPort}.",
            1,
            LastPort - DemoProviderOptions.Count + 1);
        var slow = Typed.Number("--slow", "Seconds that the slow provider takes. Default: 1.", 0, MostSeconds);
        var tooSlow = Typed.Number(
            "--too-slow", "Seconds that every second answer of the slow provider takes. Default: 4.", 0, MostSeconds);

        var address = new Option<IPAddress?>("--address")
        {
            Description = "Where they listen. Default: 127.0.0.1; in a container 0.0.0.0.",
            HelpName = "IP",
            CustomParser = result =>
            {
                var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
                if (!IPAddress.TryParse(text, out var parsed))
                {
                    result.AddError($"--address '{Typed.Plain(text)}' must be an IP address like 0.0.0.0");
                }

                return parsed;
            },
        };
        var check = new Option<bool>("--check")
        {
            Description = "Start none: only say whether all four take connections at their ports. Exit codes: 0, 1.",
        };
        var command = new Command(
            "demo-provider", "Run the demo providers: a reliable one, one that fails every third call, a slow one, one priced by usage.")
        {
            port, slow, tooSlow, address, check,
        };
        command.SetAction((parsed, cancellation) => (parsed.GetValue(check) ? CheckAsync : (Verb)RunAsync)(
            new DemoProviderOptions
            {
                Address = parsed.GetValue(address) ?? defaults.Address,
                FirstPort = parsed.GetValue(port) ?? defaults.FirstPort,
                Slow = parsed.GetValue(slow) is { } quick ? TimeSpan.FromSeconds(quick) : defaults.Slow,
                TooSlow = parsed.GetValue(tooSlow) is { } late ? TimeSpan.FromSeconds(late) : defaults.TooSlow,
            },
            time,
            cancellation));
        return command;
    }

    private delegate Task<int> Verb(DemoProviderOptions options, TimeProvider time, CancellationToken cancellation);

    /// <summary>For a container's health check, which has no other program to ask with.</summary>
    private static async Task<int> CheckAsync(DemoProviderOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var host = options.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : options.Address;
        using var patience = new CancellationTokenSource(s_patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        foreach (var port in Enumerable.Range(options.FirstPort, DemoProviderOptions.Count))
        {
            try
            {
                using var client = new TcpClient(host.AddressFamily);
                await client.ConnectAsync(host, port, linked.Token);
            }
            catch (Exception away) when (away is SocketException or OperationCanceledException)
            {
                await Console.Error.WriteLineAsync($"No demo provider answers at {new IPEndPoint(host, port)}: {away.Message}");
                return 1;
            }
        }

        return 0;
    }

    private static async Task<int> RunAsync(DemoProviderOptions options, TimeProvider time, CancellationToken cancellation)
    {
        using var stop = new StopSignals();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stop.Requested, cancellation);
        try
        {
            await using var server = await DemoProviderServer.StartAsync(options, time, linked.Token);
            foreach (var (name, port) in server.Ports)
            {
                Console.WriteLine($"{name}: http://{new IPEndPoint(options.Address, port)}");
            }

            await StopSignals.UntilAsync(linked.Token);
            return 0;
        }
        catch (IOException inUse)
        {
            await Console.Error.WriteLineAsync($"The demo providers could not listen: {inUse.Message} Give other ports with --port.");
            return 1;
        }
    }
}
