namespace MeteringGateway.Http.Authentication;

/// <summary>The named operator of a token that works now; null: nobody's.</summary>
internal delegate Task<OperatorIdentity?> OperatorOfToken(SecretHash hash, CancellationToken cancellationToken);

/// <param name="Name">As the audit trail has it, behind <c>operator:</c>; empty: of the bootstrap token, which has none.</param>
/// <param name="MayChange">False: it may look at everything and change nothing.</param>
internal sealed record OperatorIdentity(string Name, bool MayChange);
