using System.CommandLine;

namespace MeteringGateway.Console;

/// <summary>The verbs of the program.</summary>
internal static class CommandLine
{
    /// <summary>Ours to end: the library's own limit would kill a draining gateway two seconds after the signal.</summary>
    public static InvocationConfiguration Configuration { get; } = new() { ProcessTerminationTimeout = null };

    public static RootCommand Build() => new("A metering gateway: it prices calls to providers, charges credits and keeps the books.")
    {
        ServeCommand.Build(),
        UpCommand.Build(TimeProvider.System),
        LedgerCommand.Build(),
        SetupCommand.Build(),
        KeysCommand.Build(TimeProvider.System),
        DemoProviderCommand.Build(TimeProvider.System),
    };
}
