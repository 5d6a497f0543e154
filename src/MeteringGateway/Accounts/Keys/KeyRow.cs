using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Accounts.Keys;

/// <summary>A key as PostgreSQL has it; never with its secret.</summary>
internal sealed record KeyRow
{
    public const string Active = "active";
    public const string Revoked = "revoked";
    private const string Expired = "expired";

    public long Id { get; init; }
    public long AccountId { get; init; }
    public required string Name { get; init; }

    /// <summary>The first characters of the secret, to find it again.</summary>
    public required string Prefix { get; init; }
    public required string Mode { get; init; }
    public required string Status { get; init; }
    public long? LimitFixed { get; init; }
    public long? LimitDaily { get; init; }
    public long? LimitWeekly { get; init; }
    public long? LimitMonthly { get; init; }
    public int? RateLimitPerMinute { get; init; }
    public string[]? Surfaces { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public int SecretVersion { get; init; }
    public DateTimeOffset? PreviousSecretUntil { get; init; }
    public long Version { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The account of the person that made it, in a team one of its members; null: the operator.</summary>
    public long? MadeBy { get; init; }
    public string? MadeByEmail { get; init; }

    public KeyMode KeyMode => Mode == "live" ? KeyMode.Live : KeyMode.Test;

    public KeyLimits Limits
    {
        get => new(LimitFixed, LimitDaily, LimitWeekly, LimitMonthly);
        init => (LimitFixed, LimitDaily, LimitWeekly, LimitMonthly) = (value.Fixed, value.Daily, value.Weekly, value.Monthly);
    }

    public string StatusAt(DateTimeOffset now) => Status == Active && ExpiresAt <= now ? Expired : Status;

    /// <summary>Whether a secret of this version opens the key: the current one, or the one before until its overlap ends.</summary>
    public bool Opens(int secretVersion, DateTimeOffset now) =>
        StatusAt(now) == Active && (secretVersion == SecretVersion || (secretVersion == SecretVersion - 1 && PreviousSecretUntil > now));

    public bool SameAs(KeyRow other) =>
        this with { Surfaces = null } == other with { Surfaces = null } && (Surfaces ?? []).SequenceEqual(other.Surfaces ?? []);
}
