namespace MeteringGateway.Http.Authentication;

/// <summary>
/// A feature of a request that the gateway sends to itself: who calls, found out by the sender. No header makes one, so no client can.
/// Exactly one of the two is there.
/// </summary>
/// <param name="Account">An account, by the session of a person.</param>
/// <param name="Operator">An operator.</param>
internal sealed record Vouched(AuthenticationReply? Account, OperatorIdentity? Operator)
{
    public static Vouched? Of(HttpContext context) => context.Features.Get<Vouched>();
}
