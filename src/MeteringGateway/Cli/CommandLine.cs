using System.CommandLine;
using System.CommandLine.Help;

namespace MeteringGateway.Cli;

/// <summary>The verbs of the program. <c>./mg</c> calls them, hence the name in the help.</summary>
internal static class CommandLine
{
    public const string Name = "mg";

    /// <returns>The verb's own code; 2 where the command line itself is wrong, so that a script can tell that from a failure.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var root = Build();
        var parsed = root.Parse(arguments.Length == 0 ? ["--help"] : arguments);
        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,

            // Ours to end: the library's own limit would kill a draining gateway two seconds after the signal.
            ProcessTerminationTimeout = null,
        };
        return parsed.Errors.Count > 0 ? await UsageErrors.WriteAsync(parsed, root, error) : await parsed.InvokeAsync(invocation);
    }

    public static RootCommand Build()
    {
        var root = new RootCommand("A metering gateway: it prices calls to providers, charges credits and keeps the books.")
        {
            ServeCommand.Build(),
            HealthcheckCommand.Build(),
            ConfigCommand.Build(),
            AccountsCommand.Build(),
            KeysCommand.Build(TimeProvider.System),
            OperatorsCommand.Build(),
            SurfacesCommand.Build(),
            LedgerCommand.Build(),
        };
        root.HelpName = Name;
        foreach (var help in root.Options.Select(option => option.Action).OfType<HelpAction>())
        {
            help.MaxWidth = Tables.Width(System.Console.Out);
        }

        return root;
    }
}
