namespace MeteringGateway.Scenarios.Reports.Html;

/// <summary>From figures to places of a chart. Immutable.</summary>
/// <param name="Low">The figure at <paramref name="From"/>.</param>
/// <param name="High">The figure at <paramref name="To"/>; above <paramref name="Low"/>.</param>
/// <param name="IsLogarithmic">Equal factors are equally far apart; figures must be above 0 then.</param>
internal sealed record Scale(double Low, double High, double From, double To, bool IsLogarithmic = false)
{
    public double At(double figure)
    {
        var share = IsLogarithmic
            ? (Math.Log(Math.Max(figure, Low)) - Math.Log(Low)) / (Math.Log(High) - Math.Log(Low))
            : (figure - Low) / (High - Low);
        return From + (Math.Clamp(share, 0, 1) * (To - From));
    }

    /// <summary>Round figures between low and high, a handful of them: powers of ten where the scale is logarithmic.</summary>
    public IEnumerable<double> Ticks(int about)
    {
        if (IsLogarithmic)
        {
            for (var tick = Low; tick <= High * 1.0001; tick *= 10)
            {
                yield return tick;
            }

            yield break;
        }

        var step = RoundStep((High - Low) / about);
        for (var i = Math.Ceiling(Low / step); i * step <= High * 1.0001; i++)
        {
            yield return i * step;
        }
    }

    /// <summary>A linear scale from 0 to a round figure above the most.</summary>
    public static Scale FromZero(double most, double from, double to, int ticks)
    {
        var step = RoundStep(Math.Max(1, most) / ticks);
        return new Scale(0, Math.Ceiling(Math.Max(1, most) / step) * step, from, to);
    }

    /// <summary>A logarithmic scale between the powers of ten around the figures.</summary>
    public static Scale Powers(double least, double most, double from, double to)
    {
        var low = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(least, 1e-3))));
        var high = Math.Pow(10, Math.Ceiling(Math.Log10(Math.Max(most, low * 1.01))));
        return new Scale(low, Math.Max(high, low * 10), from, to, IsLogarithmic: true);
    }

    /// <summary>1, 2 or 5 times a power of ten, not below what is asked.</summary>
    private static double RoundStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return new[] { 1.0, 2, 5, 10 }.Select(factor => factor * power).First(step => step >= least * 0.9999);
    }
}
