namespace MeteringGateway.Authentication;

/// <summary>Who changes something: the operator, or an account for what is its own.</summary>
/// <param name="Actor">As the audit trail names it.</param>
/// <param name="AccountId">The only account it may touch; null: every one.</param>
internal sealed record Caller(string Actor, long? AccountId)
{
    public static Caller Operator { get; } = new("operator", null);

    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("The endpoint's group requires neither an operator nor a session.");
}
