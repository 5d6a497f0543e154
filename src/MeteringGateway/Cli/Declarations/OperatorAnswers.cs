using System.Text.Json.Serialization;

namespace MeteringGateway.Cli.Declarations;

// What the operator API answers, as its client reads it: the client's own records, so that a verb depends on the published API and on no
// feature's inside. Each has every field of the answer, in its order, for --json shows all of it; a test holds them against the answers.

/// <summary>An account. What is null is left out where the answer leaves it out.</summary>
internal sealed record AccountAnswer(
    long Id,
    string Email,
    string FullName,
    string Kind,
    string Status,
    long CreditBalance,
    long? MonthlyBudget,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? PendingCredits = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? HeldCredits = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BudgetAnswer? Budget = null)
{
    public long? LowBalanceMark { get; init; }
}

internal sealed record BudgetAnswer(long Limit, long Spent, long Held, long Remaining, DateTimeOffset? ResetsAt);

internal sealed record AccountsAnswer(IReadOnlyList<AccountAnswer> Accounts);

/// <summary>A key; <c>Key</c> is its secret, there only in the answer that made it.</summary>
internal sealed record KeyAnswer(
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
    IReadOnlyList<LimitAnswer> Limits)
{
    public const string Revoked = "revoked";

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

    public KeyMakerAnswer? MadeBy { get; init; }
}

/// <summary>A limit and what is left of it. The figures are null while Redis is away.</summary>
internal sealed record LimitAnswer(
    string Type, string? Period, long Limit, long? Spent, long? Held, long? Remaining, DateTimeOffset? ResetsAt);

/// <summary>The maker of a key; null in its place: the operator.</summary>
internal sealed record KeyMakerAnswer(long AccountId, string Email);

internal sealed record KeysAnswer(IReadOnlyList<KeyAnswer> Keys);

/// <summary>A manual credit, and the balance after it; null while Redis is away.</summary>
internal sealed record CreditAnswer(
    long Id,
    string EntryId,
    long AccountId,
    long Amount,
    string Type,
    string Description,
    string? Reference,
    string Status,
    long? CreditBalance,
    DateTimeOffset CreatedAt);

/// <summary>What a person is shown of a surface; <c>surfaces list --json</c> passes on all of it.</summary>
internal sealed record SurfaceAnswer(string Slug, string Name, IReadOnlyList<string> Providers);

internal sealed record SurfacesAnswer(IReadOnlyList<SurfaceAnswer> Surfaces);

/// <summary>A named operator; <c>Token</c> is there only in the answer that made it.</summary>
internal sealed record OperatorAnswer(
    long Id,
    string Name,
    string Access,
    string Status,
    string Prefix,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? ExpiresAt)
{
    public const string Revoked = "revoked";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? PreviousTokenUntil { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }
}

internal sealed record OperatorsAnswer(IReadOnlyList<OperatorAnswer> Operators);

/// <summary>A limit as it is sent.</summary>
internal sealed record SentLimit(string Type, string? Period, long Limit);
