using System.CommandLine;
using System.Globalization;
using MeteringGateway.Cli.Declarations;

namespace MeteringGateway.Cli;

/// <summary>The four limits of a key as options.</summary>
internal sealed class LimitOptions
{
    private const string Remove = "none";

    /// <summary>By the window that each is for, in the order in which the operator API lists limits; null: for ever.</summary>
    private readonly (string? Period, Option<string?> Option)[] _limits =
    [
        (null, Limit("--fixed", "Credits for ever")),
        ("DAILY", Limit("--daily", "Credits a UTC day")),
        ("WEEKLY", Limit("--weekly", "Credits a UTC week from Monday")),
        ("MONTHLY", Limit("--monthly", "Credits a UTC month")),
    ];

    public void AddTo(Command command)
    {
        foreach (var limit in _limits)
        {
            command.Options.Add(limit.Option);
        }
    }

    public bool AnyGiven(ParseResult parsed) => _limits.Any(limit => parsed.GetValue(limit.Option) is not null);

    /// <summary>What is not given stays as it is.</summary>
    public IReadOnlyList<SentLimit> Over(IReadOnlyList<SentLimit> now, ParseResult parsed)
    {
        return [.. from limit in _limits
                   let credits = parsed.GetValue(limit.Option) is { } text ? Credits(text) : Now(limit.Period)
                   where credits is not null
                   select new SentLimit(limit.Period is null ? "FIXED" : "RECURRING", limit.Period, credits.Value)];

        long? Now(string? period) => now.FirstOrDefault(limit => limit.Period == period)?.Limit;
    }

    private static Option<string?> Limit(string name, string what)
    {
        var option = new Option<string?>(name) { Description = $"{what}: a whole number, or '{Remove}'.", HelpName = "CREDITS" };
        option.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>() ?? "";
            if (text != Remove && Credits(text) is null)
            {
                result.AddError(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} '{CommandInput.Plain(text)}' must be a whole number from 0 to {CommandInput.MostBalance}, or '{Remove}'"));
            }
        });
        return option;
    }

    private static long? Credits(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var credits) && credits <= CommandInput.MostBalance
            ? credits
            : null;
}
