using System.Globalization;
using MeteringGateway.Scenarios.Contention;
using Spectre.Console;

namespace MeteringGateway.Scenarios.Terminal;

/// <summary>What <c>list</c> prints.</summary>
internal static class ScenarioList
{
    public static void Write(TextWriter output)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("scenario", "what is in the way");
        table.AddColumn(new TableColumn("at most").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("for").RightAligned().NoWrap());
        table.AddColumn("runs on");
        foreach (var scenario in AllScenarios.InOrder)
        {
            var isClosed = scenario.Load(scenario.Dose).Any(phase => !phase.IsOpen);
            table.AddRow(
                scenario.Name, scenario.Contention.EscapeMarkup(),
                scenario.Dose.Rate.ToString("N0", CultureInfo.InvariantCulture) + (isClosed ? " copies" : "/s"),
                scenario.Dose.During.TotalSeconds.ToString("N0", CultureInfo.InvariantCulture) + " s",
                scenario.LocalOnly is null ? "any gateway" : "local stack");
        }

        Consoles.For(output).Write(table);
    }
}
