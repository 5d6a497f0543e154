using System.Globalization;
using System.Text;

namespace MeteringGateway.WebConsole.Frame.Parts;

/// <summary>
/// A table as a file for spreadsheets (RFC 4180). Numbers are numbers; a text that a spreadsheet would take for a formula gets an
/// apostrophe in front. For one caller.
/// </summary>
internal sealed class Csv
{
    private readonly StringBuilder _text = new();

    public Csv(IReadOnlyList<string> names) => Add([.. names]);

    public void Add(params IReadOnlyList<object?> cells) => _text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

    public IResult File(HttpContext context, string name)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(Encoding.UTF8.GetBytes(_text.ToString()), "text/csv; charset=utf-8", name);
    }

    public override string ToString() => _text.ToString();

    private static string Cell(object? value) => value switch
    {
        null => "",
        long or int or decimal => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        _ => Quoted(Harmless(value.ToString()!)),
    };

    /// <summary>Also behind blanks, tabs and line ends, which some readers skip.</summary>
    private static string Harmless(string text) =>
        text is ['\t' or '\r' or '\n', ..] || text.AsSpan().TrimStart() is ['=' or '+' or '-' or '@', ..] ? "'" + text : text;

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
