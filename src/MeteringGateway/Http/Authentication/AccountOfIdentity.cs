namespace MeteringGateway.Http.Authentication;

/// <summary>The account of an identity provider's subject, bound the first time that it is seen; null: nobody's here.</summary>
internal delegate Task<BoundIdentity?> AccountOfIdentity(TokenClaims claims, CancellationToken cancellationToken);
