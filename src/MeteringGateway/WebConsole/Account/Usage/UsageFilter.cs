using System.Globalization;
using MeteringGateway.Accounts.Usage;
using Microsoft.AspNetCore.WebUtilities;

namespace MeteringGateway.WebConsole.Account.Usage;

/// <summary>The filters of the usage page as they stand in its address.</summary>
/// <param name="Range">One of <see cref="Ranges"/>; empty: from and to say it.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="By"><c>hour</c> or <c>day</c>.</param>
/// <param name="Group"><c>surface</c>, <c>key</c> or <c>provider</c>.</param>
/// <param name="Surface">Only this one.</param>
/// <param name="KeyId">Only this one.</param>
public sealed record UsageFilter(string Range, string? From, string? To, string By, string Group, string? Surface, string? KeyId)
{
    /// <summary>Only this one; for operators, who see all.</summary>
    public string? AccountId { get; init; }

    /// <summary>More bars nobody can tell apart.</summary>
    private const int MostHours = 31 * 24;
    private const int MostDays = 400;

    internal static readonly (string Value, string Text, int Hours)[] Ranges =
        [("24h", "24 hours", 24), ("7d", "7 days", 7 * 24), ("30d", "30 days", 30 * 24), ("90d", "90 days", 90 * 24)];

    internal static UsageFilter Of(IQueryCollection query)
    {
        var (from, to) = (One(query, "from"), One(query, "to"));
        var range = One(query, "range") ?? (from is null && to is null ? "7d" : "");
        return new UsageFilter(
            range, range.Length > 0 ? null : from, range.Length > 0 ? null : to, One(query, "by") ?? (range == "24h" ? "hour" : "day"),
            One(query, "group") ?? "surface", One(query, "surface"), One(query, "key_id"))
        {
            AccountId = One(query, "account_id"),
        };
    }

    public string Page(string path) => QueryHelpers.AddQueryString(path, Pairs.Where(pair => !string.IsNullOrEmpty(pair.Value)));

    /// <summary>The same with another range, for the tabs above the chart.</summary>
    internal string Page(string path, string range) =>
        (this with { Range = range, From = null, To = null, By = range == "24h" ? "hour" : "day" }).Page(path);

    /// <summary>What the roll-up is asked; or what is wrong, and what would be right.</summary>
    internal (UsageQuery? Query, string? Fault) Read(long? accountId, DateTimeOffset now)
    {
        var step = By == "hour" ? UsageStep.Hour : UsageStep.Day;
        if (By is not ("hour" or "day") || Group is not ("surface" or "key" or "provider"))
        {
            return (null, "by is hour or day, group is surface, key or provider.");
        }

        long? key = null;
        if (KeyId is not null)
        {
            if (!long.TryParse(KeyId, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return (null, "key_id is a key's number.");
            }

            key = number;
        }

        if (Surface?.Any(char.IsControl) == true)
        {
            return (null, "surface is a surface's name, without control characters.");
        }

        if (KeyId is not null && accountId is null)
        {
            return (null, "key_id needs account_id: a key is one account's.");
        }

        if (Span(now, step) is not var (from, to) || from >= to)
        {
            return (null, "from and to are days like 2026-05-19, the first not after the last; or range is 24h, 7d, 30d or 90d.");
        }

        return (to - from).TotalHours > (step == UsageStep.Hour ? MostHours : MostDays * 24)
            ? (null, $"By the hour at most {MostHours / 24} days can be shown, by the day {MostDays}.")
            : (new UsageQuery(accountId, from, to, step, UsageSplit.All, Surface, key).Whole(), null);
    }

    private (DateTimeOffset From, DateTimeOffset To)? Span(DateTimeOffset now, UsageStep step)
    {
        if (Range.Length > 0)
        {
            var hours = Ranges.FirstOrDefault(one => one.Value == Range).Hours;
            return hours == 0 ? null : (now - TimeSpan.FromHours(step == UsageStep.Hour ? hours - 1 : hours - 24), now);
        }

        return Day(From) is { } from && Day(To ?? From) is { } last ? (from, last.AddDays(1)) : null;
    }

    private Dictionary<string, string?> Pairs => new()
    {
        ["range"] = Range,
        ["from"] = From,
        ["to"] = To,
        ["by"] = By,
        ["group"] = Group,
        ["surface"] = Surface,
        ["key_id"] = KeyId,
        ["account_id"] = AccountId,
    };

    private static DateTimeOffset? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date < DateOnly.MaxValue
            ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
            : null;

    private static string? One(IQueryCollection query, string name) =>
        query[name].ToString().Trim() is { Length: > 0 } text ? text : null;
}
