using System.Globalization;

namespace MeteringGateway.Scenarios.Reports;

/// <summary>Figures as a person reads them: as many digits as they are worth, thousands apart, the same in every report.</summary>
internal static class Figures
{
    public static string Count(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Without the unit: three digits at least, and none behind the point of what has three before it.</summary>
    public static string Milliseconds(TimeSpan span)
    {
        var digits = span.TotalMilliseconds switch { < 10 => "N2", < 100 => "N1", _ => "N0" };
        return span.TotalMilliseconds.ToString(digits, CultureInfo.InvariantCulture);
    }

    public static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) + " s";

    public static string Percent(double share) => (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>Most of it first: <c>2,990 charged, 10 overloaded</c>.</summary>
    public static string Outcomes(IReadOnlyDictionary<string, long> outcomes) =>
        string.Join(", ", Ordered(outcomes).Select(outcome => $"{Count(outcome.Value)} {outcome.Key}"));

    public static IEnumerable<KeyValuePair<string, long>> Ordered(IReadOnlyDictionary<string, long> outcomes) =>
        outcomes.OrderByDescending(outcome => outcome.Value).ThenBy(outcome => outcome.Key, StringComparer.Ordinal);
}
