using System.Net;
using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Http.Errors;
using Microsoft.AspNetCore.Identity;

namespace MeteringGateway.Accounts.People;

/// <summary>
/// Whether an email and a password are somebody's, for whatever opens a session then. Counted by address before anything of the attempt is
/// read, and by email before the password is looked at.
/// </summary>
internal sealed class PasswordSignIn(PersonStore people, PasswordCheck passwords, SignInThrottle throttle)
{
    /// <summary>Null: go on and read what was sent.</summary>
    public Problem? Refuse(IPAddress? address) => throttle.Take(address) is { } wait ? TooMany(wait) : null;

    /// <summary>
    /// The account and the password that it has shown, which a session is opened with; or the problem to answer with.
    /// </summary>
    public async Task<(AccountRow? Account, KeptPassword? Shown, Problem? Problem)> CheckAsync(
        string email, string password, CancellationToken cancellationToken)
    {
        if (throttle.Take(email) is { } wait)
        {
            return (null, null, TooMany(wait));
        }

        // One way through for an unknown email, an account without a password and a wrong password: the same work, the same answer.
        var person = await people.FindAsync(email, cancellationToken);
        var verdict = await passwords.VerifyAsync(person?.Password?.Hash, password, cancellationToken);
        if (verdict == PasswordVerificationResult.Failed || person is not (var account, { } kept))
        {
            return (null, null, Wrong);
        }

        throttle.Succeeded(email);
        if (account.Status == "suspended")
        {
            return (null, null, Problem.Of(ErrorCode.AccountSuspended, "The account is suspended."));
        }

        var newHash = verdict == PasswordVerificationResult.SuccessRehashNeeded
            ? await passwords.HashAsync(password, cancellationToken)
            : null;
        return (account, kept with { NewHash = newHash }, null);
    }

    /// <summary>Also where the password was right and is another by the time that a session would open.</summary>
    public static Problem Wrong { get; } = Problem.Of(ErrorCode.InvalidKey, "The email or the password is wrong.");

    public static Problem TooMany(TimeSpan wait) => new()
    {
        Code = ErrorCode.RateLimited,
        Detail = "Too many attempts to sign in or up. The Retry-After header says when the next is possible.",
        RetryAfter = wait,
    };
}
