using System.Text.Json.Serialization;
using MeteringGateway.Engine.Calls;

namespace MeteringGateway.Accounts.Keys;

/// <summary>A limit and what is left of it. The figures are null while Redis is away.</summary>
internal sealed record LimitView(
    string Type, string? Period, long Limit, long? Spent, long? Held, long? Remaining, DateTimeOffset? ResetsAt);

/// <summary>
/// A key as its owner sees it. The three <c>spending_</c> fields speak of its one limit and are left out where it has none or several;
/// <c>key</c> is the secret, there only in the answer that made it.
/// </summary>
internal sealed record KeyView(
    long Id,
    long AccountId,
    string Name,
    string Prefix,
    string Mode,
    string Status,
    IReadOnlyList<string>? Surfaces,
    int? RateLimitPerMinute,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset CreatedAt,
    IReadOnlyList<LimitView> Limits)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SpendingLimit { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SpendingType { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SpendingPeriod { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? PreviousSecretUntil { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    /// <summary>Null: the operator.</summary>
    public KeyMaker? MadeBy { get; init; }

    public static KeyView Of(KeyRow row, KeyState? state, DateTimeOffset now)
    {
        var set = row.Limits.Set;
        var only = set.Count == 1 ? set[0] : null;
        return new KeyView(
            row.Id, row.AccountId, row.Name, row.Prefix, row.Mode, row.StatusAt(now), row.Surfaces, row.RateLimitPerMinute,
            row.ExpiresAt, row.CreatedAt, LimitsOf(row, state))
        {
            SpendingLimit = only?.Limit,
            SpendingType = only?.Type,
            SpendingPeriod = only?.Period,
            MadeBy = row.MadeBy is { } maker ? new KeyMaker(maker, row.MadeByEmail ?? "") : null,
            PreviousSecretUntil = row.PreviousSecretUntil > now ? row.PreviousSecretUntil : null,
        };
    }

    public static IReadOnlyList<LimitView> LimitsOf(KeyRow row, KeyState? state) => [.. row.Limits.Set.Select(limit => View(limit, state))];

    private static LimitView View(KeyLimit limit, KeyState? state)
    {
        var used = state?.Limits.FirstOrDefault(candidate => candidate.Type == limit.Type && candidate.Period == limit.Period);
        long? remaining = used is null ? null : Math.Max(0, limit.Limit - used.Spent - used.Held);
        return new LimitView(limit.Type, limit.Period, limit.Limit, used?.Spent, used?.Held, remaining, used?.ResetsAt);
    }
}

/// <summary>The maker of a key, whether or not still in the team.</summary>
internal sealed record KeyMaker(long AccountId, string Email);

internal sealed record KeyPage(IReadOnlyList<KeyView> Keys, long Total, int Limit, int Offset);

/// <summary>Credits charged through the key in the current UTC day, week from Monday and month.</summary>
internal sealed record KeyUsageView(long Day, long Week, long Month);

/// <summary>What <c>GET /api/v1/key</c> tells a key about itself.</summary>
internal sealed record KeySelfView(
    long Id,
    string Name,
    string Prefix,
    string Mode,
    string Status,
    IReadOnlyList<string>? Surfaces,
    int? RateLimitPerMinute,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<LimitView> Limits,
    KeyUsageView Usage);
