namespace MeteringGateway.Http.Authentication;

/// <summary>The author of a change: the operator, or an account for what is its own.</summary>
/// <param name="Actor">As the audit trail names it.</param>
/// <param name="AccountId">The only account it may touch; null: every one.</param>
internal sealed record Caller(string Actor, long? AccountId)
{
    /// <summary>The account of the person that acts; null: the operator, or the gateway itself.</summary>
    public long? PersonId { get; init; }

    /// <summary>What the person was let in by; null where there is none, or it calls with a key.</summary>
    public CallerProof? Proof { get; init; }

    /// <summary>The person, where it acts for a team: what it may do is its role's to say.</summary>
    public long? MemberId => PersonId == AccountId ? null : PersonId;

    /// <summary>Of the bootstrap token, which has no name.</summary>
    public static Caller Operator { get; } = new("operator", null);

    public static Caller Named(OperatorIdentity identity) => new("operator:" + identity.Name, null);

    /// <summary>An operator may touch every account.</summary>
    public bool IsOperator => AccountId is null;

    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>()
        ?? throw new InvalidOperationException("The endpoint's group requires neither an operator nor a session.");
}
