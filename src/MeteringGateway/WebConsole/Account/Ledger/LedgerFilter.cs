using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace MeteringGateway.WebConsole.Account.Ledger;

/// <summary>The filters of the ledger as they stand in the page's address; the API says what is wrong with one.</summary>
public sealed record LedgerFilter(string? From, string? To, string? Type, string? KeyId, string? Surface)
{
    private static readonly string[] s_names = ["from", "to", "type", "key_id", "surface"];

    internal static LedgerFilter Of(IQueryCollection query) =>
        new(One(query, "from"), One(query, "to"), One(query, "type"), One(query, "key_id"), One(query, "surface"));

    public bool IsEmpty => Pairs.Count == 0;

    /// <summary>The page's address with these filters.</summary>
    public string Page(string path) => QueryHelpers.AddQueryString(path, Pairs);

    /// <summary>The API's address: a day means the whole of it, so its end is the beginning of the next.</summary>
    internal string Api(string path, int limit, long offset, string? accountId = null) => QueryHelpers.AddQueryString(
        path,
        new Dictionary<string, string?>(Pairs)
        {
            ["from"] = Moment(From, days: 0),
            ["to"] = Moment(To, days: 1),
            ["account_id"] = accountId,
            ["limit"] = limit.ToString(CultureInfo.InvariantCulture),
            ["offset"] = offset.ToString(CultureInfo.InvariantCulture),
        }.Where(pair => pair.Value is not null));

    private Dictionary<string, string?> Pairs => s_names
        .Zip([From, To, Type, KeyId, Surface])
        .Where(pair => pair.Second is not null)
        .ToDictionary(pair => pair.First, pair => pair.Second);

    private static string? Moment(string? day, int days) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date < DateOnly.MaxValue
            ? date.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T00:00:00Z"
            : day;

    private static string? One(IQueryCollection query, string name) =>
        query[name].ToString().Trim() is { Length: > 0 } text ? text : null;
}
