using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.People.Identities;

/// <summary>An identity that is bound to the account.</summary>
internal sealed record IdentityView(long AccountId, string Issuer, string? Subject);

/// <summary>
/// <c>POST /api/auth/identity</c>: a signed-in person binds an identity provider's identity to the account, and nothing of it ends.
/// </summary>
internal static class IdentityEndpoint
{
    private const int MaxToken = 8192;

    public static IEndpointRouteBuilder MapIdentity(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/auth/identity").RequireSession().MapPost("", BindAsync);
        return app;
    }

    private static async Task<Results<Ok<IdentityView>, Problem>> BindAsync(
        RequestFields fields, HttpContext context, TokenIntrospection introspection, IdentityStore identities,
        AccountStore accounts, SignInThrottle throttle, OperatorToken operators)
    {
        var token = fields.Text("token", MaxToken, required: true);
        fields.RefuseOthers();
        if (fields.Errors.Count > 0)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        // As with a password: a session that opens a team's wallet, or a provider's token, is less than what it would add to.
        var identity = AccountIdentity.Of(context);
        if (identity.CredentialKind != AccountIdentity.Session || identity.AccountId != identity.WalletAccountId)
        {
            return Problem.Of(ErrorCode.Forbidden, "This needs a session of the account itself.");
        }

        if (!introspection.IsOn)
        {
            return Problem.Of(ErrorCode.NotFound, "No identity provider is configured here.");
        }

        if (throttle.Take(context.Connection.RemoteIpAddress) is { } wait)
        {
            return new Problem { Code = ErrorCode.RateLimited, Detail = "Too many tokens were tried from here.", RetryAfter = wait };
        }

        // A secret of ours is nobody else's to see.
        var reply = SecretText.IsOurs(token!) || operators.Matches(token!)
            ? new IntrospectionReply(IntrospectionStatus.Inactive, null)
            : await introspection.AskAsync(token!, context.RequestAborted);
        if (reply.Status == IntrospectionStatus.Unavailable)
        {
            return Problem.Of(ErrorCode.MeteringUnavailable, "The identity provider can't be asked right now.");
        }

        if (reply.Claims is not { } claims || IdentityStore.SubjectOf(claims) is null)
        {
            return Problem.InvalidRequest(
                new FieldError("#/token", "must be an active token of the identity provider that names its subject"));
        }

        var account = (await accounts.FindAsync(identity.AccountId, context.RequestAborted))!;
        return await identities.BindFromSessionAsync(account, claims, Caller.Of(context), context.RequestAborted) switch
        {
            BindingStatus.Done => WireJson.Ok(new IdentityView(account.Id, identities.IssuerOf(claims), claims.Subject)),
            BindingStatus.CallerEnded => Problem.InvalidKey,
            _ => Problem.Of(ErrorCode.Conflict, "This identity is bound to another account."),
        };
    }
}
