using System.CommandLine;
using MeteringGateway.Local.DemoProviders;

namespace MeteringGateway.Local.Commands;

/// <summary>Verb demo-provider: four small real servers to point a gateway at.</summary>
internal static class DemoProviderCommand
{
    private const int LastPort = 65535;
    private const int MostSeconds = 3600;

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

        var command = new Command(
            "demo-provider", "Run the demo providers: a reliable one, one that fails every third call, a slow one, one priced by usage.")
        {
            port, slow, tooSlow,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new DemoProviderOptions
            {
                FirstPort = parsed.GetValue(port) ?? defaults.FirstPort,
                Slow = parsed.GetValue(slow) is { } quick ? TimeSpan.FromSeconds(quick) : defaults.Slow,
                TooSlow = parsed.GetValue(tooSlow) is { } late ? TimeSpan.FromSeconds(late) : defaults.TooSlow,
            },
            time,
            cancellation));
        return command;
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
                Console.WriteLine($"{name}: http://127.0.0.1:{port}");
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
