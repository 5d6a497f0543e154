using System.Globalization;
using System.Text.RegularExpressions;

namespace MeteringGateway.Load.Measuring;

/// <summary>What of the gateway's scrape (Prometheus text) is counted here.</summary>
internal static partial class MetricsText
{
    /// <summary>How many calls came to which outcome: <c>charged</c>, or the code of the refusal; of all surfaces.</summary>
    public static Dictionary<string, long> Outcomes(string scrape)
    {
        var outcomes = new Dictionary<string, long>();
        foreach (Match line in Requests().Matches(scrape))
        {
            var (outcome, count) = (line.Groups[1].Value, double.Parse(line.Groups[2].Value, CultureInfo.InvariantCulture));
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + (long)count;
        }

        return outcomes;
    }

    /// <summary>What came to other outcomes than a charge between two scrapes, most of it first: <c>3 × overloaded</c>.</summary>
    public static string Refusals(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after) =>
        string.Join(", ", after
            .Select(outcome => (outcome.Key, Count: outcome.Value - before.GetValueOrDefault(outcome.Key)))
            .Where(outcome => outcome.Key != "charged" && outcome.Count > 0)
            .OrderByDescending(outcome => outcome.Count)
            .Select(outcome => string.Create(CultureInfo.InvariantCulture, $"{outcome.Count} × {outcome.Key}")));

    [GeneratedRegex("""^metering_requests_total\{[^}]*outcome="([^"]*)"[^}]*\} ([0-9.e+]+)""", RegexOptions.Multiline)]
    private static partial Regex Requests();
}
