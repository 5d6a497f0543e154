using System.Globalization;
using System.Text;

namespace MeteringGateway.Load.Report;

/// <summary>Tables and figures as a reader of the document meets them.</summary>
internal static class Markdown
{
    public const string None = "–";

    public static string Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new StringBuilder().AppendLine(Row(head)).AppendLine(Row([.. head.Select(_ => "---")]));
        foreach (var row in rows)
        {
            table.AppendLine(Row(row));
        }

        return table.ToString();
    }

    /// <summary>With that many digits behind the point, and thousands apart.</summary>
    public static string Number(double number, int digits) =>
        double.IsNaN(number) ? None : number.ToString("N" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    public static string Milliseconds(TimeSpan span) => Number(span.TotalMilliseconds, 2);

    public static string Percent(double share) => double.IsNaN(share) ? None : Number(100 * share, 0) + " %";

    private static string Row(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells)} |";
}
