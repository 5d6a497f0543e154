using System.CommandLine;
using System.Globalization;

namespace MeteringGateway.Local.Commands;

/// <summary>What is typed: options with a number, and what is said of what is wrong.</summary>
internal static class Typed
{
    public static Option<double?> Number(string name, string description, double least, double most) => Of<double>(
        name,
        description,
        string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"),
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most ? number : null);

    public static Option<int?> Whole(string name, string description, int least, int most) => Of<int>(
        name,
        description,
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most ? number : null);

    /// <summary>Signs that a terminal would obey are written out.</summary>
    public static string Plain(string text) =>
        string.Concat(text.Select(sign => char.IsControl(sign) ? $"\\u{(int)sign:x4}" : sign.ToString()));

    /// <summary>Writes a line for each thing that is wrong; what nobody knows comes first, for it makes the rest wrong.</summary>
    /// <param name="parsed">With errors.</param>
    /// <param name="known">What there is: an <c>option</c>, a <c>verb</c>.</param>
    /// <param name="error">Where to.</param>
    public static async Task ComplainAsync(ParseResult parsed, string known, TextWriter error)
    {
        var lines = parsed.UnmatchedTokens.Count > 0
            ? parsed.UnmatchedTokens.Select(token => $"'{Plain(token)}' is no {known} here.")
            : parsed.Errors.Select(wrong => Plain(wrong.Message));
        foreach (var line in lines.Distinct())
        {
            await error.WriteLineAsync(line);
        }
    }

    private static Option<T?> Of<T>(string name, string description, string form, Func<string, T?> read)
        where T : struct => new(name)
        {
            Description = description,
            HelpName = "NUMBER",
            CustomParser = result =>
            {
                var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
                var value = read(text);
                if (value is null)
                {
                    result.AddError($"{name} '{Plain(text)}' must be {form}");
                }

                return value;
            },
        };
}
