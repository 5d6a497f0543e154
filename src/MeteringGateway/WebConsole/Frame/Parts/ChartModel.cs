namespace MeteringGateway.WebConsole.Frame.Parts;

/// <summary>Stacked bars over time.</summary>
/// <param name="Title">What the bars are, for those who don't see them.</param>
/// <param name="Buckets">The beginning of each bar, in order, without a gap.</param>
/// <param name="Series">From the bottom of each bar to its top.</param>
/// <param name="ByHour">Whether a bar is an hour, and no day.</param>
public sealed record ChartModel(string Title, IReadOnlyList<DateTimeOffset> Buckets, IReadOnlyList<ChartSeries> Series, bool ByHour)
{
    /// <summary>How far the sums have come.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>As many as there are colours.</summary>
    public const int MostSeries = 6;

    /// <summary>Found once: a chart asks for it at each of its thousands of bars.</summary>
    public long Highest { get; } =
        Enumerable.Range(0, Buckets.Count).Select(i => Series.Sum(series => series.Values[i])).DefaultIfEmpty().Max();

    /// <summary>The scale's end: the first of 1, 2 or 5 times a power of ten that no bar is above.</summary>
    public long Top => TopOf(Highest);

    private static long TopOf(long highest)
    {
        for (var power = 1L; ; power *= 10)
        {
            foreach (var step in (ReadOnlySpan<long>)[1, 2, 5])
            {
                if (step * power >= highest || power > long.MaxValue / 100)
                {
                    return step * power;
                }
            }
        }
    }

    /// <summary>The largest groups, and the others as one.</summary>
    /// <param name="rows">Group, bar and value of each row.</param>
    /// <param name="buckets">The bars.</param>
    internal static IReadOnlyList<ChartSeries> SeriesOf(
        IEnumerable<(string Group, DateTimeOffset At, long Value)> rows, IReadOnlyList<DateTimeOffset> buckets)
    {
        var index = buckets.Select((at, i) => (at, i)).ToDictionary(pair => pair.at, pair => pair.i);
        var groups = rows.GroupBy(row => row.Group).OrderByDescending(group => group.Sum(row => row.Value)).ToList();
        var shown = groups.Count <= MostSeries ? groups.Count : MostSeries - 1;
        var series = groups.Take(shown).Select(group => Sum(group.Key, group)).ToList();
        if (shown < groups.Count)
        {
            series.Add(Sum("Other", groups.Skip(shown).SelectMany(group => group)));
        }

        return series;

        ChartSeries Sum(string name, IEnumerable<(string Group, DateTimeOffset At, long Value)> of)
        {
            var values = new long[buckets.Count];
            foreach (var row in of)
            {
                if (index.TryGetValue(row.At, out var at))
                {
                    values[at] += row.Value;
                }
            }

            return new ChartSeries(name, values);
        }
    }
}

/// <param name="Name">Of the group.</param>
/// <param name="Values">One for each bar.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<long> Values);
