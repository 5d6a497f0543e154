using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MeteringGateway.People;

/// <summary>
/// Makes and checks password hashes with the framework's hasher. A hash costs tens of milliseconds of a core, so only half of the
/// cores are given to them: a flood of sign-ins must leave the metered calls alone. Any number of callers at once.
/// </summary>
internal sealed class PasswordCheck : IDisposable
{
    private static readonly object NoUser = new();
    private readonly PasswordHasher<object> _hasher;
    private readonly string _nobody;
    private readonly SemaphoreSlim _cores = new(Math.Max(1, Environment.ProcessorCount / 2));

    public PasswordCheck(IOptions<PeopleOptions> options)
    {
        _hasher = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.PasswordIterations }));
        _nobody = _hasher.HashPassword(NoUser, Guid.NewGuid().ToString());
    }

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        OnACoreAsync(() => _hasher.HashPassword(NoUser, password), cancellationToken);

    /// <summary>With no hash at all it takes as long as with one, and fails.</summary>
    public async Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        var result = await OnACoreAsync(() => _hasher.VerifyHashedPassword(NoUser, hash ?? _nobody, password), cancellationToken);
        return hash is null ? PasswordVerificationResult.Failed : result;
    }

    public void Dispose() => _cores.Dispose();

    private async Task<T> OnACoreAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _cores.WaitAsync(cancellationToken);
        try
        {
            return work();
        }
        finally
        {
            _cores.Release();
        }
    }
}
