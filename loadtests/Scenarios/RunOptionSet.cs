using System.CommandLine;
using System.CommandLine.Parsing;
using MeteringGateway.Local.Commands;

namespace MeteringGateway.Scenarios;

/// <summary>Where load goes that is not for the local stack.</summary>
/// <param name="Url">The gateway.</param>
/// <param name="KeyFile">A key a line.</param>
/// <param name="Surface">What is called.</param>
/// <param name="OperatorTokenFile">Null: the gateway is not asked to verify its ledger.</param>
internal sealed record ForeignAddress(Uri Url, string KeyFile, string Surface, string? OperatorTokenFile);

/// <summary>The command line of a run, read.</summary>
/// <param name="Foreign">Null: the local stack.</param>
/// <param name="Reports">The folder in which each run gets one of its own; null: the default.</param>
internal sealed record RunRequest(RunSettings Settings, ForeignAddress? Foreign, string? Reports);

/// <summary>The options of a run: their bounds, and which of them need each other.</summary>
internal sealed class RunOptionSet
{
    private readonly Option<double?> _rate = Typed.Number(
        "--rate", "Runs a second at the highest (copies where the model is closed), in place of the scenario's own.", 0.1, 50_000);

    private readonly Option<double?> _duration = Typed.Number("--duration", "Seconds, in place of the scenario's own.", 1, 3600);
    private readonly Option<double?> _p99 = Typed.Number(
        "--p99", "Milliseconds: one more threshold, for the 99th percentile of charged calls.", 0.001, 600_000);

    private readonly Option<int?> _seed = Typed.Whole("--seed", "Which key each call has. Default: 1.", 0, int.MaxValue);
    private readonly Option<int?> _mostRuns = Typed.Whole(
        "--most-runs", "Of a scenario, however long it is. Default: 200000.", 1, 10_000_000);

    private readonly Option<int?> _mostOpen = Typed.Whole(
        "--most-open", "Calls under way at once; more wait, and their latency counts the wait. Default: 1000.", 1, 10_000);

    private readonly Option<string?> _reports = new("--report")
    {
        Description = "Folder for the reports, one inside it for each run. Default: .data/loadtests in the repository.",
        HelpName = "FOLDER",
    };

    private readonly Option<string?> _url = new("--url")
    {
        Description = "A gateway that runs already, http or https. It costs its accounts credits. Needs --key-file and --surface.",
        HelpName = "URL",
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = "Live keys of that gateway, one a line, each of another account.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _surface = new("--surface") { Description = "What is called there.", HelpName = "NAME" };
    private readonly Option<string?> _operatorToken = new("--operator-token-file")
    {
        Description = "Whose token may ask that gateway to verify its ledger. Default: it is not asked.",
        HelpName = "FILE",
    };

    public void AddTo(RootCommand root)
    {
        foreach (var option in new Option[]
        {
            _rate, _duration, _p99, _seed, _mostRuns, _mostOpen, _reports, _url, _keyFile, _surface, _operatorToken,
        })
        {
            root.Add(option);
        }

        // In one place: where a validator of the command finds something, those of its options are not asked.
        root.Validators.Add(result =>
        {
            foreach (var problem in Problems(result))
            {
                result.AddError(problem);
            }
        });
    }

    private IEnumerable<string> Problems(CommandResult result)
    {
        string? TextOf(Option option) =>
            result.GetResult(option) is { } given ? given.Tokens.Select(token => token.Value).LastOrDefault("") : null;
        var url = TextOf(_url);
        if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")))
        {
            yield return $"--url '{Typed.Plain(url)}' must be an address like http://127.0.0.1:8080";
        }

        foreach (var file in new[] { _keyFile, _operatorToken })
        {
            if (TextOf(file) is { } path && !File.Exists(path))
            {
                yield return $"{file.Name} '{Typed.Plain(path)}' must be a file that is there";
            }
        }

        foreach (var needed in new[] { _keyFile, _surface }.Where(one => url is not null && TextOf(one) is null))
        {
            yield return $"--url needs {needed.Name}: nothing is known of that gateway";
        }

        foreach (var other in new[] { _keyFile, _surface, _operatorToken }.Where(one => url is null && TextOf(one) is not null))
        {
            yield return $"{other.Name} goes with --url alone: the local stack has keys and surfaces of its own";
        }
    }

    public RunRequest Read(ParseResult parsed, string name)
    {
        var defaults = new RunSettings();
        var settings = new RunSettings
        {
            Rate = parsed.GetValue(_rate),
            During = parsed.GetValue(_duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            P99 = parsed.GetValue(_p99) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            Seed = parsed.GetValue(_seed) ?? defaults.Seed,
            MostRuns = parsed.GetValue(_mostRuns) ?? defaults.MostRuns,
            MostOpen = parsed.GetValue(_mostOpen) ?? defaults.MostOpen,
            Command = string.Join(' ', [name, .. parsed.Tokens.Select(token => token.Value)]),
        };
        var foreign = parsed.GetValue(_url) is { } url
            ? new ForeignAddress(
                new Uri(url), parsed.GetValue(_keyFile)!, parsed.GetValue(_surface)!, parsed.GetValue(_operatorToken))
            : null;
        return new RunRequest(settings, foreign, parsed.GetValue(_reports));
    }
}
