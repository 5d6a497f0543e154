using System.Globalization;
using MeteringGateway.Accounts.Keys;

namespace MeteringGateway.Cli.Declarations;

/// <summary>The fields of a key that a file manages: how they compare, how they read, how they are sent.</summary>
internal static class KeyFields
{
    private const string None = "none";

    /// <summary>Name, what it is now, what is wanted, and the value to send; only where the two differ and the file speaks of it.</summary>
    public static IEnumerable<(FieldDifference Difference, object? Value)> Compare(DeclaredKey declared, KeyAnswer? current)
    {
        var wanted = declared.Wanted;
        var limits = Send(wanted.Limits);
        return new[]
        {
            Field(declared, "limits", current is null ? None : Text(LimitsOf(current)), Text(limits), limits),
            Field(declared, "surfaces", Text(current?.Surfaces), Text(wanted.Surfaces), wanted.Surfaces),
            Field(
                declared, "rate_limit_per_minute", Text(current?.RateLimitPerMinute), Text(wanted.RateLimitPerMinute),
                wanted.RateLimitPerMinute),
            Field(declared, "expires_at", Text(current?.ExpiresAt), Text(wanted.ExpiresAt), wanted.ExpiresAt),
        }.Where(field => field.Difference is not null).Select(field => (field.Difference!, field.Value));
    }

    public static IReadOnlyList<SentLimit> LimitsOf(KeyAnswer key) =>
        [.. key.Limits.Select(limit => new SentLimit(limit.Type, limit.Period, limit.Limit))];

    public static string Text(IReadOnlyList<SentLimit> limits) => limits.Count == 0
        ? None
        : string.Join(", ", limits.Select(
            limit => string.Create(CultureInfo.InvariantCulture, $"{limit.Period ?? limit.Type} {limit.Limit}")));

    public static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? None;

    public static string Text(DateTimeOffset? moment) =>
        moment?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture) ?? None;

    private static IReadOnlyList<SentLimit> Send(KeyLimits limits) =>
        [.. limits.Set.Select(limit => new SentLimit(limit.Type, limit.Period, limit.Limit))];

    private static string Text(IReadOnlyList<string>? surfaces) =>
        surfaces is null ? "all" : string.Join(", ", surfaces.Order(StringComparer.Ordinal));

    private static (FieldDifference? Difference, object? Value) Field(
        DeclaredKey declared, string name, string now, string wanted, object? value) =>
        (declared.Given.Contains(name) && now != wanted ? new FieldDifference(name, now, wanted) : null, value);
}
