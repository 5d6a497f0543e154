using System.Globalization;
using System.Xml.Linq;
using MeteringGateway.Scenarios;
using MeteringGateway.Scenarios.LedgerChecks;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Reports;

namespace MeteringGateway.Tests.LoadTests.Scenarios;

public sealed class RunReportTests
{
    private static readonly RunReport s_report = ResultOf.Report(
        ResultOf.Seconds([(Response.Charged, 1200), ("overloaded", 2)], [(Response.Charged, 3)], []),
        [Threshold.Only(Response.Charged), Threshold.Some(Response.Charged)],
        new LedgerVerdict(["1,203 charged answers"], ["1 entries without a charged answer: <x>"]), "stopped by hand after 3 s");

    /// <summary>Read as XML: a text that was not encoded, or an element that was not closed, would stop here.</summary>
    private static readonly XDocument s_page = XDocument.Parse(HtmlReport.Of(s_report));

    [Fact]
    public void Html_HasTheSameFiguresAsTheCsv()
    {
        var table = s_page.Descendants("details").Single().Descendants("table").Single();
        var rows = table.Element("tbody")!.Elements("tr")
            .Select(row => row.Elements("td").Select(cell => Number(cell.Value)).ToArray()).ToArray();
        var csv = CsvReport.Of(s_report).Trim().Split('\n');
        Assert.Equal("second,wanted,sent,ended,p50_ms,p99_ms,max_ms,credits,charged,overloaded", csv[0]);
        Assert.Equal(3, rows.Length);
        Assert.Equal(csv.Skip(1).Select(line => line.Split(',').Select(Number).ToArray()), rows);
        Assert.Equal([0, 1202, 1202, 1202, 1, 20, 1234, 2400, 1200, 2], rows[0]);
    }

    [Fact]
    public void Html_SaysTheVerdict_ThresholdsAndLedger()
    {
        var text = s_page.Root!.Value;
        Assert.Contains("Nothing <is> in the way & \"all\" is well.", text, StringComparison.Ordinal);
        Assert.Contains("Cut short: stopped by hand after 3 s.", text, StringComparison.Ordinal);
        Assert.Contains("2 × overloaded", text, StringComparison.Ordinal);
        Assert.Contains("1 of 2 hold", text, StringComparison.Ordinal);
        Assert.Contains("1 entries without a charged answer: <x>", text, StringComparison.Ordinal);
        Assert.Contains("loadtests/run steady --seed 7", text, StringComparison.Ordinal);
        Assert.Contains("other programs took 25 % of them", text, StringComparison.Ordinal);
    }

    /// <summary>No script, and nothing from elsewhere: the file can be mailed.</summary>
    [Fact]
    public void Html_NeedsNothingButItself()
    {
        Assert.Empty(s_page.Descendants("script"));
        Assert.Empty(s_page.Descendants("link"));
        Assert.DoesNotContain(s_page.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "href");
        Assert.DoesNotContain("url(", HtmlReport.Of(s_report), StringComparison.Ordinal);
    }

    /// <summary>Each second has its place in each of the three charts, and nothing is drawn outside of them.</summary>
    [Fact]
    public void Charts_StayInTheirFrame_AndTellEachSecond()
    {
        var charts = s_page.Descendants("svg").ToArray();
        Assert.Equal(3, charts.Length);
        Assert.All(charts, chart =>
        {
            Assert.Equal(3, chart.Descendants("title").Count());
            var size = chart.Attribute("viewBox")!.Value.Split(' ').Select(Number).ToArray();
            Assert.All(chart.Elements("rect"), rect =>
            {
                double Of(string name) => Number(rect.Attribute(name)!.Value);
                Assert.InRange(Of("x") + Of("width"), 0, size[2]);
                Assert.InRange(Of("y") + Of("height"), 0, size[3]);
                Assert.True(Of("height") >= 0);
            });
        });
    }

    [Fact]
    public void Markdown_HasTheFiguresAndTheCommand()
    {
        var text = MarkdownReport.Of(s_report);
        Assert.StartsWith("# steady: FAILED", text, StringComparison.Ordinal);
        Assert.Contains("| `charged` | 1,203 | 99.83 % |", text, StringComparison.Ordinal);
        Assert.Contains("| charged calls | 1,203 | 2.50 | 2.50 | 5.00 | 7.50 | 25.0 | 50.0 | 125 |", text, StringComparison.Ordinal);
        Assert.Contains("- **1 entries without a charged answer: <x>**", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_OfTwoRunsInOneSecond_DoNotMeet()
    {
        var folder = Directory.CreateTempSubdirectory("metering-reports-");
        try
        {
            var first = await ReportFiles.WriteAsync(folder.FullName, s_report);
            var second = await ReportFiles.WriteAsync(folder.FullName, s_report);
            Assert.Equal(["20261126-090807-steady", "20261126-090807-steady-2"], new[] { first, second }.Select(Path.GetFileName));
            Assert.All([first, second], one => Assert.Equal(3, Directory.GetFiles(one).Length));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Number(string text) =>
        double.Parse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
