using System.CommandLine;
using System.Globalization;
using MeteringGateway.Accounts;
using MeteringGateway.Keys;

namespace MeteringGateway.Console;

/// <summary>The four limits of a key as options.</summary>
internal sealed class LimitOptions
{
    private const string Remove = "none";
    private readonly Option<string?> _lifetime = Limit("--fixed", "Credits for ever");
    private readonly Option<string?> _daily = Limit("--daily", "Credits a UTC day");
    private readonly Option<string?> _weekly = Limit("--weekly", "Credits a UTC week from Monday");
    private readonly Option<string?> _monthly = Limit("--monthly", "Credits a UTC month");

    private Option<string?>[] All => [_lifetime, _daily, _weekly, _monthly];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Options.Add(option);
        }
    }

    public bool AnyGiven(ParseResult parsed) => All.Any(option => parsed.GetValue(option) is not null);

    /// <summary>What is not given stays as it is.</summary>
    public KeyLimits Over(KeyLimits now, ParseResult parsed)
    {
        return new KeyLimits(Or(_lifetime, now.Fixed), Or(_daily, now.Daily), Or(_weekly, now.Weekly), Or(_monthly, now.Monthly));

        long? Or(Option<string?> option, long? otherwise) => parsed.GetValue(option) is { } text ? Credits(text) : otherwise;
    }

    private static Option<string?> Limit(string name, string what)
    {
        var option = new Option<string?>(name) { Description = $"{what}: a whole number, or '{Remove}'.", HelpName = "CREDITS" };
        option.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>() ?? "";
            if (text != Remove && Credits(text) is null)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} '{CommandInput.Plain(text)}' must be a whole number from 0 to {CreditBounds.Balance}, or '{Remove}'"));
            }
        });
        return option;
    }

    private static long? Credits(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var credits) && credits <= CreditBounds.Balance ? credits : null;
}
