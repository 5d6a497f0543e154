using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using MeteringGateway.Configuration;

namespace MeteringGateway.Cli;

/// <summary>What is wrong with a command line, in words for the person that typed it: the library's own speak of types of .NET.</summary>
internal static partial class UsageErrors
{
    private const string ShowsHow = "shows how.";

    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(ParseResult parsed, RootCommand root, TextWriter error)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(command);
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0 && command.Action is null)
        {
            // A group alone: its verbs are the answer, though a script must not take it for one.
            await root.Parse([.. path, "--help"]).InvokeAsync(new InvocationConfiguration { Output = error, Error = error });
            return KeysCommand.WrongUsage;
        }

        foreach (var line in Lines(parsed, command).Distinct())
        {
            await error.WriteLineAsync(line);
        }

        await error.WriteLineAsync($"{string.Join(' ', path.Prepend(CommandLine.Name))} --help {ShowsHow}");
        return KeysCommand.WrongUsage;
    }

    private static IEnumerable<string> Lines(ParseResult parsed, Command command)
    {
        foreach (var token in parsed.UnmatchedTokens)
        {
            var known = command.Subcommands.Select(verb => verb.Name).Concat(command.Options.Select(option => option.Name));
            var nearest = NearestName.Of(token, known);
            yield return $"'{Plain(token)}' is no verb, option or argument here{(nearest is null ? "." : $": did you mean {nearest}?")}";
        }

        if (parsed.UnmatchedTokens.Count > 0)
        {
            yield break;
        }

        foreach (var wrong in parsed.Errors)
        {
            yield return Words(wrong);
        }
    }

    private static string Words(ParseError wrong)
    {
        if (ConversionForm().Match(wrong.Message) is not { Success: true } conversion)
        {
            return Plain(wrong.Message);
        }

        var name = wrong.SymbolResult switch
        {
            OptionResult option => option.Option.Name,
            ArgumentResult { Parent: OptionResult option } => option.Option.Name,
            ArgumentResult argument => argument.Argument.Name,
            _ => "The value",
        };
        return $"{name} '{Plain(conversion.Groups["value"].Value)}' must be {Kind(conversion.Groups["type"].Value)}";
    }

    private static string Kind(string type) => type switch
    {
        "System.Boolean" => "true or false, or left away",
        "System.Int32" or "System.Int64" => "a whole number",
        "System.Double" or "System.Decimal" => "a number like 1.5",
        "System.DateTimeOffset" => CommandInput.InstantForm,
        "System.IO.FileInfo" => "the name of a file",
        _ => "something else",
    };

    private static List<string> PathOf(Symbol command)
    {
        var path = new List<string>();
        for (var at = command; at is not null and not RootCommand; at = at.Parents.FirstOrDefault())
        {
            path.Insert(0, at.Name);
        }

        return path;
    }

    /// <summary>What was pasted may hold signs that move a terminal's cursor.</summary>
    private static string Plain(string text) => CommandInput.Plain(text);

    [GeneratedRegex(
        "^Cannot parse argument '(?<value>.*)' for (option|argument|command) '.*' as expected type '(?<type>[^']*)'",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex ConversionForm();
}
