using System.Net;
using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Http.Bounds;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Accounts.People;

/// <summary>
/// How often one may sign in or up, by email and by the address it comes from. A known and an unknown email are counted alike.
/// </summary>
internal sealed class SignInThrottle(IOptions<PeopleOptions> options, TimeProvider time)
{
    /// <summary>About 150 bytes each.</summary>
    private const int Capacity = 50_000;
    private readonly AttemptThrottle _emails = new(options.Value.AttemptsPerEmail, options.Value.AttemptWindow, Capacity, time);
    private readonly AttemptThrottle _addresses = new(options.Value.AttemptsPerAddress, options.Value.AttemptWindow, Capacity, time);

    /// <summary>
    /// Null: go on; else how long to wait. The address comes first, so that one that is blocked can't use up other people's attempts.
    /// </summary>
    public TimeSpan? Take(string email, IPAddress? address) =>
        _addresses.Take(ClientAddress.Subject(address)) ?? _emails.Take(Subject(email));

    /// <summary>For calls whose address was counted before their body was read.</summary>
    public TimeSpan? Take(string email) => _emails.Take(Subject(email));

    /// <summary>For calls that only name other people's emails.</summary>
    public TimeSpan? Take(IPAddress? address) => _addresses.Take(ClientAddress.Subject(address));

    /// <summary>The address keeps what it used: an attacker may own an account too.</summary>
    public void Succeeded(string email) => _emails.Forget(Subject(email));

    private static string Subject(string email) => EmailAddress.KeyOf(email);
}
