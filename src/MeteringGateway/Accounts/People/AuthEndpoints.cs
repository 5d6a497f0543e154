using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Accounts.People;

/// <summary>Sign-up, sign-in, sign-out and the change of a password.</summary>
internal static class AuthEndpoints
{
    public static IEndpointRouteBuilder MapAuth(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/api/auth");
        auth.MapPost("/sign-up", SignUpAsync);
        auth.MapPost("/sign-in", SignInAsync);
        auth.MapPost("/sign-out", SignOutAsync).WithMetadata(CredentialsFirst.Session);
        auth.MapGroup("/password").RequireSession().MapPost("", ChangePasswordAsync);
        return app;
    }

    private static async Task<Results<Created<SignedInView>, Problem>> SignUpAsync(
        HttpContext context, PersonStore people, PasswordCheck passwords, SignInThrottle throttle, IOptions<PeopleOptions> options)
    {
        if (options.Value.SignUp == PeopleOptions.Closed)
        {
            return Problem.Of(ErrorCode.SignUpClosed, "Accounts are made by the operator of this gateway. Ask there for one.");
        }

        // Counted before the body is read: reading it is work that anybody can ask for.
        if (throttle.Take(context.Connection.RemoteIpAddress) is { } early)
        {
            return PasswordSignIn.TooMany(early);
        }

        var body = await RequestBody.ReadAsync(context.Request);
        if (body.Fields is not { } fields)
        {
            return body.Problem!;
        }

        if (SignUp.Read(fields) is not { } request)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        if (throttle.Take(request.Account.Email) is { } wait)
        {
            return PasswordSignIn.TooMany(wait);
        }

        // Hashed whether or not the email is free, so that only the answer itself tells. That it does can't be helped while an account
        // opens without a mail being sent; the throttle makes asking for many slow, and nothing of the account that is there is said.
        var hash = await passwords.HashAsync(request.Password, context.RequestAborted);
        return await people.SignUpAsync(request.Account, hash, context.RequestAborted) is var (account, session)
            ? WireJson.Created(View(account, session))
            : Problem.Of(ErrorCode.Conflict, "An account can't be opened with this email. If it is yours, sign in.");
    }

    private static async Task<Results<Ok<SignedInView>, Problem>> SignInAsync(
        HttpContext context, PersonStore people, PasswordSignIn signIn)
    {
        if (signIn.Refuse(context.Connection.RemoteIpAddress) is { } early)
        {
            return early;
        }

        var body = await RequestBody.ReadAsync(context.Request);
        if (body.Fields is not { } fields)
        {
            return body.Problem!;
        }

        if (SignIn.Read(fields) is not { } request)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        var (account, shown, problem) = await signIn.CheckAsync(request.Email, request.Password, context.RequestAborted);
        if (account is null)
        {
            return problem!;
        }

        return await people.SignInAsync(account.Id, shown!, context.RequestAborted) is { } session
            ? WireJson.Ok(View(account, session))
            : PasswordSignIn.Wrong;
    }

    private static async Task<Results<NoContent, Problem>> SignOutAsync(
        HttpContext context, SessionDirectory directory, SessionStore sessions)
    {
        var credential = Credential.ReadWithSessions(context.Request.Headers);
        if (credential.Status != CredentialStatus.Present
            || !SessionSecret.TryParse(credential.Value, out var hash)
            || await directory.FindAsync(credential.Value, context.RequestAborted) is null)
        {
            return Problem.InvalidKey;
        }

        if (QueryRefusal.Of(context) is { } slip)
        {
            return slip;
        }

        await sessions.EndAsync(hash, CancellationToken.None);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, Problem>> ChangePasswordAsync(
        RequestFields fields, HttpContext context, AccountStore accounts, PersonStore people, PasswordCheck passwords,
        SignInThrottle throttle)
    {
        if (PasswordChange.Read(fields) is not { } request)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        // With a session of the account's own: one that opens a team's wallet, or a provider's token, is less than the password
        // it would replace.
        var identity = AccountIdentity.Of(context);
        if (identity.CredentialKind != AccountIdentity.Session || identity.AccountId != identity.WalletAccountId
            || identity.Proof?.Session is not { } session)
        {
            return Problem.Of(ErrorCode.Forbidden, "This needs a session of the account itself.");
        }

        var email = (await accounts.FindAsync(identity.AccountId, context.RequestAborted))!.Email;
        if (throttle.Take(email, context.Connection.RemoteIpAddress) is { } wait)
        {
            return PasswordSignIn.TooMany(wait);
        }

        var kept = (await people.FindAsync(email, context.RequestAborted))?.Password;
        if (kept is not null
            && await passwords.VerifyAsync(kept.Hash, request.Current ?? "", context.RequestAborted) == PasswordVerificationResult.Failed)
        {
            return NotThePassword;
        }

        var newHash = await passwords.HashAsync(request.New, context.RequestAborted);
        switch (await people.ChangePasswordAsync(
            identity.AccountId, kept, newHash, session, Caller.Of(context), context.RequestAborted))
        {
            case PasswordChangeStatus.CallerEnded:
                return Problem.InvalidKey;
            case PasswordChangeStatus.AnotherPassword:
                return NotThePassword;
            case PasswordChangeStatus.Done:
                break;
        }

        throttle.Succeeded(email);
        return TypedResults.NoContent();
    }

    private static Problem NotThePassword =>
        Problem.InvalidRequest(new FieldError("#/current_password", "is not the account's password"));

    private static SignedInView View(AccountRow account, SessionView session) =>
        new(session.Session, session.ExpiresAt, UserView.Of(account));
}
