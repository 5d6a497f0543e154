using System.Globalization;
using MeteringGateway.Declarations;
using MeteringGateway.Keys;
using Spectre.Console;

namespace MeteringGateway.Console;

/// <summary>Keys and changes as tables.</summary>
internal static class KeyTables
{
    /// <summary>Where nobody looks (a file, a pipe) lines may be as long as they are.</summary>
    private const int PipeWidth = 240;

    public static void Write(TextWriter output, Table table)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (output != System.Console.Out || System.Console.IsOutputRedirected)
        {
            console.Profile.Width = PipeWidth;
        }

        console.Write(table);
    }

    public static Table Of(IReadOnlyList<PlannedChange> changes)
    {
        var table = WithColumns("Account", "Key", "Change", "Field", "Now", "Wanted");
        foreach (var change in changes)
        {
            for (var i = 0; i < Math.Max(1, change.Differences.Count); i++)
            {
                var difference = i < change.Differences.Count ? change.Differences[i] : new FieldDifference("", "", "");
                Row(table, i == 0 ? [change.Account, change.Key ?? "", change.Action] : ["", "", ""], [difference.Field, difference.Now, difference.Wanted]);
            }
        }

        return table;
    }

    public static Table Of(IEnumerable<(string Account, KeyView Key)> keys)
    {
        var table = WithColumns("Id", "Account", "Name", "Prefix", "Mode", "Status", "Limits (spent of limit)", "Surfaces", "Expires");
        foreach (var (account, key) in keys)
        {
            Row(
                table,
                [key.Id.ToString(CultureInfo.InvariantCulture), account, key.Name, key.Prefix, key.Mode, key.Status],
                [string.Join(", ", key.Limits.Select(Spent)), key.Surfaces is null ? "all" : string.Join(", ", key.Surfaces), KeyFields.Text(key.ExpiresAt)]);
        }

        return table;
    }

    private static string Spent(LimitView limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{limit.Period ?? limit.Type} {limit.Spent?.ToString(CultureInfo.InvariantCulture) ?? "?"} of {limit.Limit}");

    private static Table WithColumns(params string[] names)
    {
        var table = new Table { Border = TableBorder.Ascii };
        foreach (var name in names)
        {
            table.AddColumn(new TableColumn(new Text(name)));
        }

        return table;
    }

    /// <summary>As texts, so that a bracket in a name is a bracket.</summary>
    private static void Row(Table table, params IEnumerable<string>[] cells) => table.AddRow(cells.SelectMany(part => part).Select(cell => new Text(cell)));
}
