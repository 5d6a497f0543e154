using System.Globalization;
using System.Text.RegularExpressions;

namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// The contract at the top of a script, parsed from its sections <c>KEYS</c>, <c>ARGV</c> and <c>ANSWERS</c>. Items are numbered and
/// separated by two spaces or a line end: <c>1 meta  2 account</c>, <c>7 to 9 day, week, month</c>, <c>16, 17 day and spent</c>,
/// <c>2 and on: ids</c>.
/// </summary>
/// <param name="Keys">The number of keys; the least number if <paramref name="AnyMoreKeys"/>.</param>
/// <param name="AnyMoreKeys">The last key may be followed by any number of others.</param>
/// <param name="Arguments">The number of arguments; the least number if <paramref name="AnyMore"/>.</param>
/// <param name="AnyMore">The last argument may be repeated any number of times.</param>
/// <param name="Answers">The answer codes and their names.</param>
internal sealed partial record ScriptHead(
    int Keys, bool AnyMoreKeys, int Arguments, bool AnyMore, IReadOnlyList<KeyValuePair<long, string>> Answers)
{
    private const string AndOn = "and on: ";

    public static ScriptHead Parse(string source)
    {
        var lines = source.Split('\n').Where(line => line.StartsWith("-- ", StringComparison.Ordinal));
        var head = string.Join(
            '\n', lines.TakeWhile(line => !line.StartsWith("-- include", StringComparison.Ordinal)).Select(line => line[3..]));
        var (keys, arguments) = (Section(head, "KEYS"), Section(head, "ARGV"));
        return new ScriptHead(
            Last(keys), keys.Contains(AndOn, StringComparison.Ordinal),
            Last(arguments), arguments.Contains(AndOn, StringComparison.Ordinal),
            [.. Answer().Matches(Section(head, "ANSWERS"))
                .Select(match => KeyValuePair.Create(Number(match.Groups[1].Value), match.Groups[2].Value))]);
    }

    /// <summary>May the script be called with these numbers of keys and arguments?</summary>
    public bool Takes(int keys, int arguments) =>
        (AnyMoreKeys ? keys >= Keys : keys == Keys) && (AnyMore ? arguments >= Arguments : arguments == Arguments);

    /// <summary>The number of the last item. Items that do not count from 1 without a gap throw: such a head is wrong.</summary>
    private static int Last(string section)
    {
        var last = 0;
        foreach (var item in Between().Split(section))
        {
            if (Item().Match(item) is { Success: true } found)
            {
                var first = Number(found.Groups[1].Value);
                last = first == last + 1 ? (int)(found.Groups[2].Success ? Number(found.Groups[2].Value) : first)
                    : throw new FormatException($"Item {first} of a script's head follows item {last}.");
            }
        }

        return last;
    }

    private static string Section(string head, string name)
    {
        var found = Regex.Match(head, $"^{name} (.*?)(?=\n[A-Z]{{4,}} |$(?!\n))", RegexOptions.Singleline | RegexOptions.Multiline);
        return found.Groups[1].Value;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\s{2,}")]
    private static partial Regex Between();

    [GeneratedRegex(@"^(\d+)(?:(?: to |, )(\d+))? ")]
    private static partial Regex Item();

    [GeneratedRegex(@"(?<![\w^])(-?\d+) ([A-Z][a-zA-Z]+)")]
    private static partial Regex Answer();
}
