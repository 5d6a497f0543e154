using System.Globalization;
using MeteringGateway.Accounts.Usage;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Account.Usage;

/// <summary>From the rows of the roll-up to a chart and its table.</summary>
internal static class UsageSums
{
    /// <summary>Stands for a surface, key or provider that the ledger does not name.</summary>
    public const string None = "(none)";

    /// <param name="report">What was found.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="filter">How it is grouped.</param>
    /// <param name="keys">Names of keys, as far as they are known.</param>
    public static UsageModel Of(UsageReport report, UsageQuery query, UsageFilter filter, IReadOnlyDictionary<long, string> keys)
    {
        var buckets = new List<DateTimeOffset>();
        for (var at = query.From; at < query.To; at += query.Length)
        {
            buckets.Add(at);
        }

        var refused = report.Refusals
            .GroupBy(row => filter.Group == "key" ? KeyName(row.KeyId, keys) : row.Surface ?? None)
            .ToDictionary(group => group.Key, group => group.Sum(row => row.Calls));
        var counts = filter.Group != "provider";
        var used = report.Usage.GroupBy(row => GroupOf(row, filter.Group, keys)).ToDictionary(group => group.Key, group => group.ToList());
        var lines = used.Keys.Union(counts ? refused.Keys : [])
            .Select(group => new UsageLine(
                group,
                used.GetValueOrDefault(group)?.Sum(row => row.Calls) ?? 0,
                used.GetValueOrDefault(group)?.Sum(row => row.Credits) ?? 0,
                counts ? refused.GetValueOrDefault(group) : null))
            .OrderByDescending(line => line.Credits).ThenBy(line => line.Group, StringComparer.Ordinal);
        var series = ChartModel.SeriesOf(
            report.Usage.Select(row => (GroupOf(row, filter.Group, keys), row.At.ToUniversalTime(), row.Credits)), buckets);
        return new UsageModel(filter, null)
        {
            Chart = new ChartModel(
                $"Credits by {filter.By} and {filter.Group}, {Text.Number(report.Credits)} in all", buckets, series, filter.By == "hour")
            {
                AsOf = report.AsOf,
            },
            Lines = [.. lines],
            Refusals = [.. report.Refusals.GroupBy(row => row.Code)
                .Select(group => new RefusalLine(group.Key, group.Sum(row => row.Calls))).OrderByDescending(line => line.Calls)],
            Calls = report.Calls,
            Credits = report.Credits,
            AsOf = report.AsOf,
            IsCut = report.IsCut,
        };
    }

    public static string KeyName(long? id, IReadOnlyDictionary<long, string> keys) =>
        id is not { } number ? None
        : keys.GetValueOrDefault(number) is { } name ? $"{name} ({number.ToString(CultureInfo.InvariantCulture)})"
        : "key " + number.ToString(CultureInfo.InvariantCulture);

    private static string GroupOf(UsageRow row, string group, IReadOnlyDictionary<long, string> keys) => group switch
    {
        "key" => KeyName(row.KeyId, keys),
        "provider" => row.Provider ?? None,
        _ => row.Surface ?? None,
    };
}
