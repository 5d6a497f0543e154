using System.CommandLine;
using MeteringGateway.Compare.Growth;
using MeteringGateway.Compare.Subjects;
using MeteringGateway.Local.Commands;

namespace MeteringGateway.Compare;

/// <summary>The command line of <c>loadtests/compare</c>.</summary>
internal static class CompareCommandLine
{
    private const string Name = "loadtests/compare";
    private const int WrongUsage = 2;
    private const string DefaultDocument = "docs/performance.md";

    private static readonly string[] s_policies = ["everysec", "always"];
    private static readonly string[] s_subjects = [Subject.Bare, Subject.Gateway, Subject.Nginx];

    /// <returns>0: measured, and the ledger was right. 1: it was not, calls were refused, or the run broke off. 2: wrong usage.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var parsed = Build(output, error).Parse(arguments);
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                ProcessTerminationTimeout = TimeSpan.FromMinutes(3),
            });
        }

        await Typed.ComplainAsync(parsed, "verb, option or argument", error);
        var options = parsed.CommandResult.Command.Options
            .Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive))
            .Select(option => option.Name);
        await error.WriteLineAsync($"Right would be: {string.Join(", ", options.Distinct())}. {Name} --help shows how.");
        return WrongUsage;
    }

    private static RootCommand Build(TextWriter output, TextWriter error)
    {
        var seconds = Typed.Whole("--seconds", "Of each load. Default: 6; 2 with --quick.", 1, 60);
        var connections = Typed.Whole("--connections", "Of the closed-loop load. Default: 64.", 1, 1000);
        var quick = new Option<bool>("--quick") { Description = "Short and small, to see that all works: its figures say little." };
        var print = new Option<bool>("--print") { Description = $"Print the tables and leave {DefaultDocument} as it is." };
        foreach (var option in new Option[] { seconds, connections, quick, print })
        {
            option.Recursive = true;
        }

        var rounds = Typed.Whole("--rounds", "Default: 5; 1 with --quick.", 1, 100);
        var fsync = NamedOptions.Of("--fsync", "Redis's appendfsync. Default: both.", s_policies);
        var only = NamedOptions.Of("--only", "Measure these alone.", s_subjects);
        var without = NamedOptions.Of("--without", "Measure the others.", s_subjects);
        var root = new RootCommand(
            "The gateway beside bare YARP and beside nginx with Lua and Redis, in alternating rounds on this machine.")
        {
            rounds, seconds, connections, fsync, only, without, quick, print,
        };
        root.HelpName = Name;
        CompareOptions Common(ParseResult parsed) => new()
        {
            Seconds = parsed.GetValue(seconds) ?? (parsed.GetValue(quick) ? 2 : 6),
            Connections = parsed.GetValue(connections) ?? 64,
            Document = parsed.GetValue(print) ? null : DefaultDocument,
            Command = string.Join(' ', [Name, .. parsed.Tokens.Select(token => token.Value)]),
        };
        root.SetAction((parsed, cancellation) => new CompareRun(output, error).CompareAsync(
            Common(parsed) with
            {
                Rounds = parsed.GetValue(rounds) ?? (parsed.GetValue(quick) ? 1 : 5),
                Fsync = parsed.GetValue(fsync) is { Length: > 0 } policies ? policies : s_policies,
                Only = parsed.GetValue(only) ?? [],
                Without = parsed.GetValue(without) ?? [],
            },
            cancellation));
        root.Add(Growth(Common, quick, output, error));
        root.Add(Streams(Common, quick, output, error));
        return root;
    }

    private static Command Growth(Func<ParseResult, CompareOptions> common, Option<bool> quick, TextWriter output, TextWriter error)
    {
        var accounts = Typed.Whole("--accounts", "The most accounts. Default: 1000000; 10000 with --quick.", 1000, 10_000_000);
        var backlog = Typed.Whole(
            "--backlog", "Entries that pile up before they are flushed. Default: 100000; 5000 with --quick.", 1000, 1_500_000);
        var warming = Typed.Whole("--warming", "Minutes at most that warming them up may take. Default: 6.", 1, 120);
        var only = NamedOptions.Of("--only", "These alone.", GrowthRun.Parts);
        var without = NamedOptions.Of("--without", "The others.", GrowthRun.Parts);
        var growth = new Command("growth", "How the gateway grows: accounts, holds in flight, gateways, memory, recovery.")
        {
            accounts, backlog, warming, only, without,
        };
        growth.SetAction((parsed, cancellation) => new CompareRun(output, error).GrowAsync(
            common(parsed) with
            {
                Rounds = parsed.GetValue(quick) ? 1 : 3,
                Fsync = ["everysec"],
                Accounts = parsed.GetValue(accounts) ?? (parsed.GetValue(quick) ? 10_000 : 1_000_000),
                Backlog = parsed.GetValue(backlog) ?? (parsed.GetValue(quick) ? 5000 : 100_000),
                Warming = TimeSpan.FromMinutes(parsed.GetValue(warming) ?? (parsed.GetValue(quick) ? 1 : 6)),
                Only = parsed.GetValue(only) ?? [],
                Without = parsed.GetValue(without) ?? [],
            },
            cancellation));
        return growth;
    }

    private static Command Streams(Func<ParseResult, CompareOptions> common, Option<bool> quick, TextWriter output, TextWriter error)
    {
        var streams = Typed.Whole("--streams", "Whose first bytes are timed, a row. Default: 3000; 300 with --quick.", 100, 1_000_000);
        var minutes = Typed.Number("--minutes", "Of the one long stream. Default: 1; 0.05 with --quick.", 0.01, 60);
        var atOnce = Typed.Whole("--at-once", "Streams beside each other. Default: 1000; 100 with --quick.", 16, 10_000);
        var verb = new Command("streams", "Streams: their first bytes, the memory they take, many at once.") { streams, minutes, atOnce };
        verb.SetAction((parsed, cancellation) => new CompareRun(output, error).StreamAsync(
            common(parsed) with
            {
                Fsync = ["everysec"],
                Streams = parsed.GetValue(streams) ?? (parsed.GetValue(quick) ? 300 : 3000),
                Length = TimeSpan.FromMinutes(parsed.GetValue(minutes) ?? (parsed.GetValue(quick) ? 0.05 : 1)),
                AtOnce = parsed.GetValue(atOnce) ?? (parsed.GetValue(quick) ? 100 : 1000),
            },
            cancellation));
        return verb;
    }
}
