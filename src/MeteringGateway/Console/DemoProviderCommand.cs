using System.CommandLine;
using MeteringGateway.DemoProviders;

namespace MeteringGateway.Console;

/// <summary>Verb demo-provider: four small real servers to point a gateway at.</summary>
internal static class DemoProviderCommand
{
    public static Command Build(TimeProvider time)
    {
        var port = new Option<int>("--port") { Description = "First of four ports in a row: reliable, flaky, slow, usage-priced.", DefaultValueFactory = _ => DemoProviderOptions.DefaultFirstPort };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 65535 - DemoProviderOptions.Count + 1)
            {
                result.AddError($"--port must be from 1 to {65535 - DemoProviderOptions.Count + 1}: four ports in a row are used.");
            }
        });
        var slow = Seconds("--slow", "Seconds that the slow provider takes.", 1);
        var tooSlow = Seconds("--too-slow", "Seconds that every second answer of the slow provider takes.", 4);

        var command = new Command("demo-provider", "Run the demo providers: a reliable one, one that fails every third call, a slow one, one priced by usage.") { port, slow, tooSlow };
        command.SetAction((parsed, cancellation) => RunAsync(
            new DemoProviderOptions
            {
                FirstPort = parsed.GetValue(port),
                Slow = TimeSpan.FromSeconds(parsed.GetValue(slow)),
                TooSlow = TimeSpan.FromSeconds(parsed.GetValue(tooSlow)),
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
                System.Console.WriteLine($"{name}: http://127.0.0.1:{port}");
            }

            await StopSignals.UntilAsync(linked.Token);
            return 0;
        }
        catch (IOException inUse)
        {
            await System.Console.Error.WriteLineAsync($"The demo providers could not listen: {inUse.Message} Give other ports with --port.");
            return 1;
        }
    }

    private static Option<double> Seconds(string name, string description, double seconds)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => seconds };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 3600))
            {
                result.AddError($"{name} must be from 0 to 3600 seconds.");
            }
        });
        return option;
    }
}
