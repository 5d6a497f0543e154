using Spectre.Console;

namespace MeteringGateway.Cli;

/// <summary>Tables for a person: they fit the terminal, and 80 columns where there is none.</summary>
internal static class Tables
{
    private const int DefaultWidth = 80;

    public static void Write(TextWriter output, Table table)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = Width(output);
        console.Write(table);
    }

    public static Table WithColumns(params string[] names)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var name in names)
        {
            table.AddColumn(new TableColumn(new Text(name)) { Padding = new Padding(0, 0, 2, 0) });
        }

        return table;
    }

    /// <summary>As texts, so that a bracket in a name is a bracket, and without signs that a terminal would obey.</summary>
    public static void Add(this Table table, params IEnumerable<string> cells) =>
        table.AddRow(cells.Select(cell => new Text(CommandInput.Plain(cell))));

    /// <summary>Of the terminal that somebody looks at.</summary>
    public static int Width(TextWriter output)
    {
        if (output != System.Console.Out || System.Console.IsOutputRedirected)
        {
            return DefaultWidth;
        }

        try
        {
            return System.Console.WindowWidth is > 20 and var width ? width : DefaultWidth;
        }
        catch (IOException)
        {
            return DefaultWidth;
        }
    }
}
