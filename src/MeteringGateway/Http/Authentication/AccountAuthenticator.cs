using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Http.Authentication;

/// <summary>
/// From a request's headers to the account that calls an account API: by API key, session or the token of an identity provider.
/// What has been revoked, ended or suspended is refused from the next call on, for PostgreSQL is asked each time; unlike a metered
/// call, these read PostgreSQL anyway. Any number of callers at once.
/// </summary>
internal sealed class AccountAuthenticator(
    KeyDirectory keys, SessionDirectory sessions, OperatorToken operators, TokenIntrospection introspection, AccountOfIdentity accountOf,
    AccountStatus statuses, NpgsqlDataSource database, TimeProvider time)
{
    private static readonly string FindKeyState = SqlFile.Read("Http/Authentication/find-key-state.sql");

    /// <summary>A request of the gateway to itself brings what was found out by its sender.</summary>
    public Task<AuthenticationReply> AuthenticateAsync(HttpContext context) =>
        Vouched.Of(context) is { } vouched
            ? Task.FromResult(vouched.Account ?? Invalid)
            : AuthenticateAsync(context.Request.Headers, context.RequestAborted);

    private async Task<AuthenticationReply> AuthenticateAsync(IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        var credential = Credential.ReadWithSessions(headers);
        if (credential.Status != CredentialStatus.Present)
        {
            return Invalid;
        }

        if (ApiKeySecret.TryParse(credential.Value, out var secret))
        {
            return await OfKeyAsync(secret, cancellationToken);
        }

        if (await sessions.FindAsync(credential.Value, cancellationToken) is { } session)
        {
            var isMember = session.AccountId != session.WalletAccountId;
            return Answer(
                session.IsSuspended, new AccountIdentity(session.AccountId, session.WalletAccountId, null, AccountIdentity.Session)
                {
                    Role = session.Role,
                    MemberId = isMember ? session.AccountId : null,
                    Proof = new CallerProof(session.Hash, null),
                });
        }

        // A secret of ours, mistyped, ended or an operator's, is nobody else's to see.
        return introspection.IsOn && !SecretText.IsOurs(credential.Value) && !operators.Matches(credential.Value)
            ? await OfTokenAsync(credential.Value, cancellationToken)
            : Invalid;
    }

    private async Task<AuthenticationReply> OfKeyAsync(ApiKeySecret secret, CancellationToken cancellationToken)
    {
        var found = await keys.FindAsync(secret, cancellationToken);
        if (found.Status != KeyLookupStatus.Found)
        {
            return found.Status == KeyLookupStatus.Unavailable ? Unavailable : Invalid;
        }

        var key = found.Identity;
        var state = await database.QuerySingleOrDefaultAsync<KeyStateRow>(
            FindKeyState, new { keyId = key.KeyId, version = key.SecretVersion, now = time.GetUtcNow() }, cancellationToken);
        return state is { IsOpen: true }
            ? Answer(state.IsSuspended, new AccountIdentity(key.AccountId, key.AccountId, key.Mode, AccountIdentity.Key)
            {
                Role = state.Role,
                MemberId = state.MemberId,
            })
            : Invalid;
    }

    private async Task<AuthenticationReply> OfTokenAsync(string token, CancellationToken cancellationToken)
    {
        var reply = await introspection.AskAsync(token, cancellationToken);
        if (reply.Status != IntrospectionStatus.Active)
        {
            return reply.Status == IntrospectionStatus.Unavailable ? Unavailable : Invalid;
        }

        if (await accountOf(reply.Claims!, cancellationToken) is not { AccountId: var id } bound)
        {
            return Invalid;
        }

        var isSuspended = await statuses.OfAsync(id, cancellationToken) != AccountStatus.Active;
        return Answer(
            isSuspended, new AccountIdentity(id, id, null, AccountIdentity.OAuth) { Proof = new CallerProof(null, bound) });
    }

    private static AuthenticationReply Invalid => new(AuthenticationStatus.Invalid, null);

    private static AuthenticationReply Unavailable => new(AuthenticationStatus.Unavailable, null);

    private static AuthenticationReply Answer(bool isSuspended, AccountIdentity identity) =>
        isSuspended
            ? new AuthenticationReply(AuthenticationStatus.Suspended, null)
            : new AuthenticationReply(AuthenticationStatus.Accepted, identity);

    private sealed record KeyStateRow
    {
        public bool IsOpen { get; init; }
        public required string Role { get; init; }
        public long? MemberId { get; init; }
        public bool IsSuspended { get; init; }
    }
}
