using System.Net;

namespace MeteringGateway.Scenarios.Reports.Html;

/// <summary>Pieces of the page, well-formed as XML. Texts are encoded here; what is called markup is taken as it is.</summary>
internal static class Page
{
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    public static string Section(string title, string besideMarkup, string markup) =>
        $"<section><h2><span>{Text(title)}</span>{besideMarkup}</h2>{markup}</section>";

    public static string Card(string name, string figure, string unit, string more, string style = "") =>
        $"<div class=\"card\"><div class=\"name\">{Text(name)}</div><div class=\"figure {style}\">{Text(figure)}"
            + $"<span class=\"unit\">{Text(unit)}</span></div><div class=\"more\">{Text(more)}</div></div>";

    public static string Legend(IEnumerable<Series> series) =>
        "<span class=\"legend\">"
            + string.Concat(series.Select(one => $"<span><i class=\"{one.Style}\"></i>{Text(one.Name)}</span>")) + "</span>";

    /// <param name="texts">How many columns, from the first, are texts; the others are figures.</param>
    public static string Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows, int texts) =>
        "<div class=\"scroll\"><table><thead><tr>"
            + string.Concat(head.Select((cell, column) => $"<th{Side(column, texts)}>{Text(cell)}</th>")) + "</tr></thead><tbody>"
            + string.Concat(rows.Select(row =>
                "<tr>" + string.Concat(row.Select((cell, column) => $"<td{Side(column, texts)}>{Text(cell)}</td>")) + "</tr>"))
            + "</tbody></table></div>";

    private static string Side(int column, int texts) => column < texts ? "" : " class=\"n\"";
}
