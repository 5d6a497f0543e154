using System.CommandLine;
using MeteringGateway.Hosting;

namespace MeteringGateway.Cli;

/// <summary><c>serve</c>: the gateway alone, configured from files and environment.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var command = new Command("serve", "Runs the gateway alone. Configured by config/gateway.json, or the file that GATEWAY_CONFIG "
            + "names, and the environment (A__B for A:B).");
        command.SetAction((_, cancellation) => GatewayRun.RunAsync(System.Console.Out, System.Console.Error, cancellation));
        return command;
    }
}
