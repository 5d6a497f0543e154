using System.Globalization;
using System.Net;
using System.Text;

namespace MeteringGateway.Scenarios.Reports.Html;

/// <summary>A line of a chart: a figure for each second, or none.</summary>
/// <param name="Style">A class of the style sheet, which has its colour.</param>
internal sealed record Series(string Name, string Style, IReadOnlyList<double?> Figures);

/// <summary>
/// Charts over the seconds of a load as SVG that stands in the page: no script, colours from the page's style sheet, so that they follow
/// light and dark, and what stands under the pointer is told by the browser's own tooltip. A picture of a plotting library has its
/// colours fixed.
/// </summary>
internal sealed class Chart
{
    private const double Height = 220;
    private const double Left = 52;
    private const double Right = 14;
    private const double Top = 10;
    private const double Bottom = 26;
    private const int TimeTicks = 8;
    private const int FigureTicks = 4;

    private readonly double _width;
    private readonly int _seconds;
    private readonly Scale _time;
    private readonly StringBuilder _svg = new();

    private Chart(double width, int seconds)
    {
        (_width, _seconds) = (width, Math.Max(1, seconds));
        _time = new Scale(0, _seconds, Left, width - Right);
    }

    /// <param name="tips">What is told of each second.</param>
    public static string Lines(
        double width, string label, IReadOnlyList<Series> series, IReadOnlyList<string> tips, bool isLogarithmic, Func<double, string> tell)
    {
        var chart = new Chart(width, tips.Count);
        var figures = series.SelectMany(one => one.Figures).OfType<double>().Where(figure => figure > 0).DefaultIfEmpty(1).ToArray();
        var scale = isLogarithmic
            ? Scale.Powers(figures.Min(), figures.Max(), Height - Bottom, Top)
            : Scale.FromZero(figures.Max(), Height - Bottom, Top, FigureTicks);
        chart.Frame(scale, tell);
        foreach (var one in series)
        {
            chart.Line(one, scale);
        }

        return chart.Close(label, tips);
    }

    /// <summary>One figure on top of the other, in the order of the series.</summary>
    public static string Stacked(
        double width, string label, IReadOnlyList<Series> series, IReadOnlyList<string> tips, Func<double, string> tell)
    {
        var chart = new Chart(width, tips.Count);
        var most = Enumerable.Range(0, tips.Count).Select(second => series.Sum(one => one.Figures[second] ?? 0)).DefaultIfEmpty(1).Max();
        var scale = Scale.FromZero(most, Height - Bottom, Top, FigureTicks);
        chart.Frame(scale, tell);
        for (var second = 0; second < tips.Count; second++)
        {
            chart.Bar(second, series, scale);
        }

        return chart.Close(label, tips);
    }

    private void Frame(Scale scale, Func<double, string> tell)
    {
        foreach (var tick in scale.Ticks(FigureTicks))
        {
            var y = scale.At(tick);
            Add($"<line class=\"grid\" x1=\"{Left}\" y1=\"{y:0.#}\" x2=\"{_width - Right}\" y2=\"{y:0.#}\"/>");
            Add($"<text class=\"tick\" x=\"{Left - 8}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{tell(tick)}</text>");
        }

        foreach (var tick in new Scale(0, _seconds, 0, 1).Ticks(TimeTicks).Where(tick => tick == Math.Floor(tick)))
        {
            Add($"<text class=\"tick\" x=\"{_time.At(tick):0.#}\" y=\"{Height - 8}\" text-anchor=\"middle\">{tick:0} s</text>");
        }
    }

    /// <summary>Broken where there is no figure.</summary>
    private void Line(Series series, Scale scale)
    {
        var path = new StringBuilder();
        var isPen = false;
        for (var second = 0; second < series.Figures.Count; second++)
        {
            if (series.Figures[second] is { } figure)
            {
                path.Append(
                    CultureInfo.InvariantCulture, $"{(isPen ? 'L' : 'M')}{_time.At(second + 0.5):0.#} {scale.At(figure):0.#}");
            }

            isPen = series.Figures[second] is not null;
        }

        Add($"<path class=\"line {series.Style}\" d=\"{path}\"/>");
    }

    private void Bar(int second, IReadOnlyList<Series> series, Scale scale)
    {
        var (below, gap) = (0.0, (_time.At(1) - _time.At(0)) * 0.12);
        foreach (var one in series)
        {
            if (one.Figures[second] is > 0 and { } figure)
            {
                var (top, bottom) = (scale.At(below + figure), scale.At(below));
                var (x, wide) = (_time.At(second) + gap, _time.At(1) - _time.At(0) - (2 * gap));
                Add($"<rect class=\"bar {one.Style}\" x=\"{x:0.##}\" y=\"{top:0.##}\" ");
                Add($"width=\"{wide:0.##}\" height=\"{bottom - top:0.##}\"/>");
                below += figure;
            }
        }
    }

    private string Close(string label, IReadOnlyList<string> tips)
    {
        for (var second = 0; second < tips.Count; second++)
        {
            var (x, wide, high) = (_time.At(second), _time.At(1) - _time.At(0), Height - Top - Bottom);
            Add($"<rect class=\"tip\" x=\"{x:0.##}\" y=\"{Top}\" width=\"{wide:0.##}\" height=\"{high}\">");
            Add($"<title>{WebUtility.HtmlEncode(tips[second])}</title></rect>");
        }

        return FormattableString.Invariant(
            $"<svg viewBox=\"0 0 {_width} {Height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(label)}\">{_svg}</svg>");
    }

    private void Add(FormattableString element) => _svg.Append(element.ToString(CultureInfo.InvariantCulture));
}
