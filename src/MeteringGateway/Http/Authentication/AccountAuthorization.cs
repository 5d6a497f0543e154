using System.Globalization;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Http.Authentication;

/// <summary>
/// Closes a group of endpoints to all but accounts, with our own problems as answers; a dialect with answers of its own asks
/// the authenticator itself.
/// </summary>
internal static class AccountAuthorization
{
    /// <summary>Any credential of an account; <see cref="AccountIdentity.Of"/> then says whose.</summary>
    public static RouteGroupBuilder RequireAccount(this RouteGroupBuilder group) => group.Require(isSessionNeeded: false);

    /// <summary>A session, or a provider's token in its place: a key may spend, it may not say who else does.</summary>
    public static RouteGroupBuilder RequireSession(this RouteGroupBuilder group) => group.Require(isSessionNeeded: true);

    /// <summary>
    /// For whatever buys, binds or changes money, within one of the groups above: an owner's or billing's. Of a group, so that it stands in
    /// front of the body: a member learns nothing from what would have been wrong with it.
    /// </summary>
    public static RouteGroupBuilder RequireMoneyRole(this RouteGroupBuilder group) => group.AddEndpointFilter(static (call, next) =>
        TeamRole.HandlesMoney(AccountIdentity.Of(call.HttpContext).Role)
            ? next(call)
            : ValueTask.FromResult<object?>(RoleRequired));

    public static Problem RoleRequired { get; } =
        Problem.Of(
            ErrorCode.RoleRequired,
            "What spends or binds the team's money is for its owners and those with the role billing. Ask one of them.");

    private static RouteGroupBuilder Require(this RouteGroupBuilder group, bool isSessionNeeded)
    {
        group.AddEndpointFilter(async (call, next) =>
            (await RefuseAsync(call.HttpContext, isSessionNeeded) ?? QueryRefusal.Of(call.HttpContext)) is { } problem
                ? problem
                : await next(call));
        return group.WithMetadata(isSessionNeeded ? CredentialsFirst.Session : CredentialsFirst.Account);
    }

    private static async Task<Problem?> RefuseAsync(HttpContext context, bool isSessionNeeded)
    {
        var reply = await context.RequestServices.GetRequiredService<AccountAuthenticator>().AuthenticateAsync(context);
        switch (reply.Status)
        {
            case AuthenticationStatus.Invalid:
                return Problem.InvalidKey;
            case AuthenticationStatus.Suspended:
                return Problem.Of(ErrorCode.AccountSuspended, "The account is suspended.");
            case AuthenticationStatus.Unavailable:
                return Problem.Of(ErrorCode.MeteringUnavailable, "The credentials can't be checked right now.");
            case AuthenticationStatus.Accepted:
                break;
        }

        // Remembered before anybody fails: a session that works now is not locked out by the next failure from the same address.
        context.RequestServices.GetRequiredService<FailureBound>().Succeeded(context);
        var identity = reply.Identity!;
        if (isSessionNeeded && identity.CredentialKind == AccountIdentity.Key)
        {
            return Problem.Of(ErrorCode.Forbidden, "This needs a session, not a key.");
        }

        context.Features.Set(identity);
        context.Features.Set(new Caller(
            string.Create(CultureInfo.InvariantCulture, $"account:{identity.AccountId}"), identity.WalletAccountId)
        {
            PersonId = identity.MemberId ?? identity.AccountId,
            Proof = identity.Proof,
        });
        return null;
    }
}
