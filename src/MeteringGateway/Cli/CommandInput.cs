using System.CommandLine;
using System.Globalization;

namespace MeteringGateway.Cli;

/// <summary>Options and arguments with a type: how each is spelled, and what is said of one that isn't.</summary>
internal static class CommandInput
{
    /// <summary>Of one movement and of a balance, as the operator API bounds them: refused here before anything is sent.</summary>
    public const long MostCredits = 1_000_000_000_000;
    public const long MostBalance = 1_000_000_000_000_000;

    public const string InstantForm = "an instant like 2026-11-21T12:00:00Z";

    public static Option<long?> Whole(string name, string description, long least, long most, bool required = false) =>
        Typed(new Option<long?>(name) { Description = description, Required = required, HelpName = "NUMBER" },
            text => ReadWhole(text, least, most),
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));

    public static Option<DateTimeOffset?> Instant(string name, string description) =>
        Typed(
            new Option<DateTimeOffset?>(name) { Description = description, HelpName = "INSTANT" }, ReadInstant,
            $"{InstantForm}; without a zone it is UTC");

    /// <summary>Signs that a terminal would obey are written out.</summary>
    public static string Plain(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString())) : text;

    private static long? ReadWhole(string text, long least, long most) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : null;

    private static DateTimeOffset? ReadInstant(string text) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            && text.Length >= "2026-11-21".Length && char.IsAsciiDigit(text[3])
            ? instant
            : null;

    private static Option<T?> Typed<T>(Option<T?> option, Func<string, T?> read, string form)
        where T : struct
    {
        option.CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (read(text) is { } value)
            {
                return value;
            }

            result.AddError($"{option.Name} '{Plain(text)}' must be {form}");
            return null;
        };
        return option;
    }
}
