using System.CommandLine;
using MeteringGateway.Local.Commands;
using MeteringGateway.Scenarios.Contention;
using MeteringGateway.Scenarios.Terminal;

namespace MeteringGateway.Scenarios;

/// <summary>The command line of <c>loadtests/run</c>.</summary>
internal static class RunCommandLine
{
    public const int Good = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    private const string Name = "loadtests/run";
    private const string All = "all";

    private static readonly string[] s_names = [.. AllScenarios.InOrder.Select(scenario => scenario.Name)];

    /// <returns>0: every threshold held and the ledger was right. 1: one did not, or the run broke off. 2: wrong usage.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var parsed = Build(output, error).Parse(arguments);
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                // From Ctrl-C to the end: the last answers, the ledger, the report.
                ProcessTerminationTimeout = TimeSpan.FromMinutes(5),
            });
        }

        await Typed.ComplainAsync(parsed, "option", error);
        await error.WriteLineAsync($"{Name} --help shows what there is.");
        return WrongUsage;
    }

    private static RootCommand Build(TextWriter output, TextWriter error)
    {
        var scenarios = new Argument<string[]>("scenario")
        {
            Description = $"One or more of those that '{Name} list' shows, or '{All}'. They run one after the other.",
            Arity = ArgumentArity.OneOrMore,
        };
        scenarios.Validators.Add(result =>
        {
            foreach (var wrong in result.Tokens.Select(token => token.Value).Where(one => one != All && !s_names.Contains(one)))
            {
                result.AddError($"'{Typed.Plain(wrong)}' is no scenario. Right would be: {string.Join(", ", s_names)}, or {All}.");
            }
        });
        var options = new RunOptionSet();
        var root = new RootCommand(Help)
        {
            scenarios,
        };
        root.HelpName = Name;
        options.AddTo(root);
        root.SetAction((parsed, cancellation) => new RunSession(output, error).RunAsync(
            Picked(parsed.GetRequiredValue(scenarios)), options.Read(parsed, Name), cancellation));
        var list = new Command("list", "The scenarios: what is in the way of their calls, and how much of them there is.");
        list.SetAction(_ => ScenarioList.Write(output));
        root.Add(list);
        return root;
    }

    private const string Help =
        """
        Load for a gateway, and a check of its ledger.

        Without --url it starts a gateway, Redis, PostgreSQL and two providers on loopback, with accounts of its own, and stops them again.
        Load is in the open model: calls leave at their time whatever came back, and a latency counts from when its call was due.
        Each run ends with the comparison of what clients were told that they paid with the ledger, and writes a report (HTML, Markdown, CSV).

        Exit codes: 0 all thresholds held and the ledger is right; 1 a threshold or the ledger failed, or the run broke off; 2 wrong usage.

          loadtests/run list
          loadtests/run steady
          loadtests/run all --duration 10
          loadtests/run steady hot-account --rate 300 --p99 100
          loadtests/run steady --url https://gateway.example.com --key-file keys.txt --surface search --rate 5   (costs credits)
        """;

    private static List<Model.Scenario> Picked(string[] names) =>
        [.. AllScenarios.InOrder.Where(scenario => names.Contains(All) || names.Contains(scenario.Name))];
}
