namespace MeteringGateway.Http.Authentication;

/// <summary>Which key a secret is of. Never changes for a given secret; whether it may be used is Redis's to say, on every call.</summary>
internal readonly record struct KeyIdentity(long KeyId, long AccountId, KeyMode Mode, int SecretVersion);

internal enum KeyLookupStatus
{
    Found,
    Unknown,

    /// <summary>The secret was not seen here before and PostgreSQL is away: nobody can tell.</summary>
    Unavailable,
}

internal readonly record struct KeyLookup(KeyLookupStatus Status, KeyIdentity Identity)
{
    public static KeyLookup Unknown { get; } = new(KeyLookupStatus.Unknown, default);
    public static KeyLookup Unavailable { get; } = new(KeyLookupStatus.Unavailable, default);
}
