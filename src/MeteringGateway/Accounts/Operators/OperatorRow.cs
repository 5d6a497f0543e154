namespace MeteringGateway.Accounts.Operators;

/// <summary>A named operator as PostgreSQL has it; never with its token.</summary>
internal sealed record OperatorRow
{
    public const string Full = "full";
    public const string ReadOnly = "read_only";
    public const string Active = "active";
    private const string Revoked = "revoked";
    private const string Expired = "expired";

    public long Id { get; init; }
    public required string Name { get; init; }

    /// <summary><c>full</c> or <c>read_only</c>: fixed for life, so that no token can come to more than it was given for.</summary>
    public required string Access { get; init; }

    /// <summary>The first characters of the token, to find it again.</summary>
    public required string Prefix { get; init; }
    public DateTimeOffset? PreviousTokenUntil { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    public string StatusAt(DateTimeOffset now) => RevokedAt is not null ? Revoked : ExpiresAt <= now ? Expired : Active;
}
