namespace MeteringGateway.Http.Authentication;

/// <summary>
/// What an account's caller was let in by and a binding may end meanwhile: a session, or an identity that is bound to the account. Exactly
/// one of the two is there.
/// </summary>
internal sealed record CallerProof(SecretHash? Session, BoundIdentity? Identity);

/// <summary>A subject of an identity provider as it is bound to an account.</summary>
internal sealed record BoundIdentity(long AccountId, string Issuer, string Subject);
