using MeteringGateway.Telemetry;
using MeteringGateway.Tests.Repository;

namespace MeteringGateway.Tests.Telemetry;

/// <summary>The table of metrics in the documentation is the catalogue's.</summary>
public sealed class TelemetryDocumentTests
{
    [Fact]
    public void Table_OfTheDocument_IsThatOfTheCatalogue()
    {
        var lines = File.ReadAllLines(Path.Combine(TidyTests.Root, "docs", "telemetry.md"));
        var table = lines.SkipWhile(line => !line.StartsWith("| metric", StringComparison.Ordinal)).TakeWhile(line => line.Length > 0);

        Assert.Equal(Expected(), string.Join('\n', table));
    }

    private static string Expected() => string.Join('\n', [
        "| metric | type | labels | says |", "|---|---|---|---|",
        .. MetricCatalog.Entries.Select(entry =>
            $"| `{entry.Name}` | {entry.Kind.ToString().ToLowerInvariant()} | {Labels(entry)} | {entry.Help} |"),
    ]);

    private static string Labels(MetricEntry entry) =>
        string.Join(", ", entry.Labels.Select(label => $"`{label.Replace('.', '_')}`"));
}
