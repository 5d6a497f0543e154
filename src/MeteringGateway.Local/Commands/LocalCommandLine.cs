using System.CommandLine;
using System.CommandLine.Help;

namespace MeteringGateway.Local.Commands;

/// <summary>
/// The verbs of this machine: what <c>./run</c> and <c>./test</c> call. <c>./mg</c> passes them on, hence the name in the help.
/// </summary>
internal static class LocalCommandLine
{
    private const string Name = "mg";
    private const int WrongUsage = 2;
    private const int HelpColumns = 80;

    /// <returns>The verb's own code; 2 where the command line itself is wrong, so that a script can tell that from a failure.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var parsed = Build().Parse(arguments.Length == 0 ? ["--help"] : arguments);
        if (parsed.Errors.Count > 0)
        {
            return await RefuseAsync(parsed, error);
        }

        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,

            // Ours to end: the library's own limit would kill a draining gateway two seconds after the signal.
            ProcessTerminationTimeout = null,
        });
    }

    public static RootCommand Build()
    {
        var root = new RootCommand("The metering gateway on this machine: its stores, its demo providers and itself.")
        {
            UpCommand.Build(TimeProvider.System),
            DemoProviderCommand.Build(TimeProvider.System),
            SetupCommand.Build(),
        };
        root.HelpName = Name;
        foreach (var help in root.Options.Select(option => option.Action).OfType<HelpAction>())
        {
            help.MaxWidth = HelpColumns;
        }

        return root;
    }

    private static async Task<int> RefuseAsync(ParseResult parsed, TextWriter error)
    {
        await Typed.ComplainAsync(parsed, "verb, option or argument", error);
        var verb = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
        await error.WriteLineAsync($"{Name} {verb}--help shows how.");
        return WrongUsage;
    }
}
