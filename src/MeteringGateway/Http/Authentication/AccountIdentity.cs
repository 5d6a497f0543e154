namespace MeteringGateway.Http.Authentication;

/// <summary>The caller of an account API, and the account whose wallet the call is about.</summary>
/// <param name="AccountId">The account of the person or key that calls.</param>
/// <param name="WalletAccountId">Whose credits are read and moved: the same account, or the team's for which a member has
/// opened a session.</param>
/// <param name="Mode">The key's; null for a session or a token, which are always live.</param>
/// <param name="CredentialKind">One of <see cref="Key"/>, <see cref="Session"/> and <see cref="OAuth"/>.</param>
internal sealed record AccountIdentity(long AccountId, long WalletAccountId, KeyMode? Mode, string CredentialKind)
{
    public const string Key = "key";
    public const string Session = "session";
    public const string OAuth = "oauth";

    /// <summary>What the caller may do with the wallet; of a key: what the person who made it may do now.</summary>
    public string Role { get; init; } = TeamRole.Owner;

    /// <summary>The member of a team who has opened the session or made the key; null: the account itself or its operator.</summary>
    public long? MemberId { get; init; }

    /// <summary>What this was found by, where a binding may end it; null: a key.</summary>
    public CallerProof? Proof { get; init; }

    public bool IsTest => Mode == KeyMode.Test;

    /// <summary>As <see cref="AccountAuthorization"/> has found it.</summary>
    public static AccountIdentity Of(HttpContext context) =>
        context.Features.Get<AccountIdentity>() ?? throw new InvalidOperationException("The endpoint's group does not require an account.");
}

internal enum AuthenticationStatus
{
    Accepted,

    /// <summary>Missing, malformed, unknown, revoked, expired: which of them is nobody's business.</summary>
    Invalid,
    Suspended,

    /// <summary>Redis, PostgreSQL or the identity provider is away: nobody can tell.</summary>
    Unavailable,
}

/// <summary>The identity is there exactly when it was accepted.</summary>
internal readonly record struct AuthenticationReply(AuthenticationStatus Status, AccountIdentity? Identity);
