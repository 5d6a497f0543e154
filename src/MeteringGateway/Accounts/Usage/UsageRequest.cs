using System.Globalization;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Accounts.Usage;

/// <summary>
/// Reads <c>from</c>, <c>to</c>, <c>by</c>, <c>surface</c> and <c>key_id</c>. Without a range it is the last day by hour and the last
/// thirty days by day.
/// </summary>
internal static class UsageRequest
{
    private const int MostHours = 31 * 24;
    private const int MostDays = 400;

    /// <summary>Bounds one answer; what has more is asked for in parts.</summary>
    public const int MostRows = 20_000;

    private static readonly string[] s_steps = ["hour", "day"];

    /// <summary>What is wrong with the parameters is in the query's errors.</summary>
    public static UsageQuery Read(QueryFields query, long? account, DateTimeOffset now)
    {
        var step = query.OneOf("by", s_steps) == "hour" ? UsageStep.Hour : UsageStep.Day;
        var (from, to) = query.Range("from", "to");
        var end = to ?? now;
        var begin = from ?? (step == UsageStep.Hour ? Before(end, TimeSpan.FromHours(23)) : Before(end, TimeSpan.FromDays(29)));
        var found = new UsageQuery(
            account, begin, end, step, UsageSplit.All, query.Text("surface"),
            query.Whole("key_id", 1, long.MaxValue, "must be a key's number"));
        if (query.Errors.Count > 0)
        {
            return found;
        }

        var most = step == UsageStep.Hour ? MostHours : MostDays;
        if (begin > end)
        {
            query.Refuse("from", "must not be after now; give to as well");
        }
        else if (end - begin > found.Length * most)
        {
            query.Refuse("to", step == UsageStep.Hour
                ? "must be at most 31 days after from; by=day reaches further"
                : string.Create(CultureInfo.InvariantCulture, $"must be at most {MostDays} days after from"));
        }

        return found;
    }

    /// <summary>For a report with more rows than an answer has.</summary>
    public static void RefuseLength(QueryFields query) => query.Refuse("to", string.Create(
        CultureInfo.InvariantCulture, $"asks for more than {MostRows} rows; ask for a shorter range, one surface or one key"));

    private static DateTimeOffset Before(DateTimeOffset end, TimeSpan length) =>
        end - DateTimeOffset.MinValue > length ? end - length : DateTimeOffset.MinValue;
}
