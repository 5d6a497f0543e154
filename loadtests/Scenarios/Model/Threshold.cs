using System.Globalization;
using MeteringGateway.Scenarios.Results;

namespace MeteringGateway.Scenarios.Model;

/// <summary>Whether a threshold speaks of what must be so on any machine, or of how quick it was.</summary>
internal enum ThresholdKind
{
    Exact,
    Timing,
}

/// <summary>What was measured against a threshold.</summary>
internal sealed record ThresholdResult(string Name, string Actual, bool Passed, ThresholdKind Kind);

/// <summary>What a scenario's result must keep to; where it does not, the run fails.</summary>
/// <param name="Name">The demand as a reader meets it: <c>p99 of charged calls ≤ 250 ms</c>.</param>
/// <param name="Measure">What the result has, in words, and whether that is good enough.</param>
internal sealed record Threshold(string Name, ThresholdKind Kind, Func<ScenarioResult, (string Actual, bool Passed)> Measure)
{
    public ThresholdResult Evaluate(ScenarioResult result)
    {
        var (actual, passed) = Measure(result);
        return new ThresholdResult(Name, actual, passed, Kind);
    }

    /// <summary>Of the charged calls; not one of them is a failure, too.</summary>
    public static Threshold P99(TimeSpan atMost) => new(
        $"p99 of charged calls ≤ {Milliseconds(atMost)}", ThresholdKind.Timing,
        result => (Milliseconds(result.Charged.P99), result.Charged.Count > 0 && result.Charged.P99 <= atMost));

    /// <summary>Every call, of all steps, came to one of these.</summary>
    public static Threshold Only(params string[] outcomes) => new(
        $"every call: {string.Join(" or ", outcomes)}", ThresholdKind.Exact,
        result =>
        {
            var others = result.Outcomes.Where(outcome => !outcomes.Contains(outcome.Key) && outcome.Value > 0).ToArray();
            return (
                others.Length == 0 ? "no other" : string.Join(", ", others.Select(one => $"{Count(one.Value)} × {one.Key}")),
                others.Length == 0 && result.Calls > 0);
        });

    /// <param name="outcome">Of all calls.</param>
    /// <param name="atMost">As a share of 1.</param>
    public static Threshold Share(string outcome, double atMost) => new(
        $"{outcome} ≤ {Percent(atMost)} of calls", ThresholdKind.Exact,
        result => (Percent(result.Share(outcome)), result.Calls > 0 && result.Share(outcome) <= atMost));

    /// <summary>Calls that the client could begin when they were due, and that were answered by the end of the load.</summary>
    /// <param name="share">Of what the open load wanted.</param>
    public static Threshold Reached(double share) => new(
        $"runs ended in time ≥ {Percent(share)} of those wanted", ThresholdKind.Timing,
        result => ($"{Percent(result.Reached)} ({Count(result.RunsInTime)} of {Count(result.RunsWanted)})", result.Reached >= share));

    public static Threshold ExactlyCharged(long credits) => new(
        $"charged: exactly {Count(credits)} credits", ThresholdKind.Exact,
        result => ($"{Count(result.Credits)} credits", result.Credits == credits));

    /// <summary>At least one call came to this: what the scenario is about did happen.</summary>
    public static Threshold Some(string outcome) => new(
        $"at least one call: {outcome}", ThresholdKind.Exact,
        result => (Count(result.Outcomes.GetValueOrDefault(outcome)), result.Outcomes.GetValueOrDefault(outcome) > 0));

    /// <summary>In the last part of the load, after the trouble, each call is charged again.</summary>
    /// <param name="share">Of the load's length: 0.2 is its last fifth.</param>
    public static Threshold Recovered(double share) => new(
        $"in the last {Percent(share)} of the load: every call charged", ThresholdKind.Exact,
        result =>
        {
            var last = result.Seconds.Where(second => second.Second >= result.Length.TotalSeconds * (1 - share)).ToArray();
            var (all, charged) = (last.Sum(one => one.Calls), last.Sum(one => one.Outcomes.GetValueOrDefault(Response.Charged)));
            return ($"{Count(charged)} of {Count(all)}", all > 0 && all == charged);
        });

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) =>
        (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    private static string Milliseconds(TimeSpan span) => span.TotalMilliseconds.ToString("N0", CultureInfo.InvariantCulture) + " ms";
}
