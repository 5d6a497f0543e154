namespace MeteringGateway.Load.Measuring;

/// <summary>What many figures come to.</summary>
internal static class Statistics
{
    /// <summary>The middle one, or the mean of the two in the middle; not a number where there is none.</summary>
    public static double Median(IEnumerable<double> figures)
    {
        var sorted = figures.Where(figure => !double.IsNaN(figure)).Order().ToArray();
        return sorted.Length == 0 ? double.NaN
            : sorted.Length % 2 == 1 ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The smallest figure that at least this share of all does not exceed (nearest rank).</summary>
    /// <param name="sorted">In ascending order.</param>
    /// <param name="share">From 0 to 1.</param>
    public static long Percentile(ReadOnlySpan<long> sorted, double share) =>
        sorted.IsEmpty ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];

    public static double Ratio(double part, double whole) => whole > 0 ? part / whole : double.NaN;
}
