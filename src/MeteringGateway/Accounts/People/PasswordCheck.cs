using System.Globalization;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Accounts.People;

/// <summary>
/// Makes and checks password hashes with the framework's hasher. A hash costs tens of milliseconds of a core, so only half of the
/// cores are given to them: a flood of sign-ins must leave the metered calls alone, and is refused (503) where too many wait.
/// Any number of callers at once.
/// </summary>
internal sealed class PasswordCheck : IDisposable
{
    private static readonly object NoUser = new();
    private readonly PasswordHasher<object> _hasher;
    private readonly string _nobody;
    private readonly WorkGate _cores;

    public PasswordCheck(IOptions<PeopleOptions> options)
        : this(options, new PasswordHasher<object>(
            Options.Create(new PasswordHasherOptions { IterationCount = options.Value.PasswordIterations })))
    {
    }

    /// <summary>With a hasher that a test can watch.</summary>
    internal PasswordCheck(IOptions<PeopleOptions> options, PasswordHasher<object> hasher)
    {
        _cores = new WorkGate(options.Value.MaxWaitingHashes);
        _hasher = hasher;
        _nobody = _hasher.HashPassword(NoUser, Guid.NewGuid().ToString());
    }

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        _cores.RunAsync(() => _hasher.HashPassword(NoUser, FormOf(password)), cancellationToken);

    /// <summary>With no hash at all it does the same work as with one, so that its time tells nothing, and fails.</summary>
    public async Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        var form = FormOf(password);
        var result = await _cores.RunAsync(() => _hasher.VerifyHashedPassword(NoUser, hash ?? _nobody, form), cancellationToken);
        if (result == PasswordVerificationResult.Failed && form != password)
        {
            // A hash from before was made of the text as it came. What was typed decides about this second look, not whose password it is.
            var asTyped = await _cores.RunAsync(() => _hasher.VerifyHashedPassword(NoUser, hash ?? _nobody, password), cancellationToken);
            result = asTyped == PasswordVerificationResult.Failed ? asTyped : PasswordVerificationResult.SuccessRehashNeeded;
        }

        return hash is null ? PasswordVerificationResult.Failed : result;
    }

    /// <summary>The same keys give the same password on every machine: composed, and with plain spaces (RFC 8265's OpaqueString).</summary>
    public static string FormOf(string password) =>
        NormalForm.Compose(
            string.Concat(password.Select(static sign => char.GetUnicodeCategory(sign) == UnicodeCategory.SpaceSeparator ? ' ' : sign)));

    public void Dispose() => _cores.Dispose();
}
