using System.ComponentModel.DataAnnotations;
using MeteringGateway.Configuration;

namespace MeteringGateway.Accounts.People;

/// <summary>
/// Whether strangers may sign up, how often a person may try, and how long a password is stretched: section <c>People</c>.
/// </summary>
internal sealed class PeopleOptions
{
    public const string Section = "People";
    public const string Open = "open";
    public const string Closed = "closed";

    /// <summary>
    /// <c>open</c>: anybody may make an account. <c>closed</c>, unless set: accounts are the operator's to make, for a gateway
    /// that nobody has thought about yet should let nobody in.
    /// </summary>
    public string SignUp { get; set; } = Closed;

    /// <summary>A person who errs needs a handful; a dictionary needs millions.</summary>
    [Range(1, 10_000)]
    public int AttemptsPerEmail { get; set; } = 10;

    /// <summary>
    /// Wrong coupon codes of one person, and of one wallet, in the same window. A person types a code or two; a guesser needs thousands.
    /// </summary>
    [Range(1, 10_000)]
    public int CouponAttempts { get; set; } = 10;

    /// <summary>Generous, for a whole office may share one address.</summary>
    [Range(1, 1_000_000)]
    public int AttemptsPerAddress { get; set; } = 200;

    /// <summary>In this time all attempts come back, evenly.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AttemptWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Rounds of PBKDF2 with HMAC-SHA-512; OWASP's figure of 2023. A raised one reaches each password at its next sign-in.
    /// </summary>
    [Range(10_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>
    /// Hashes that are made or wait; one more is refused with 503. Each takes about a tenth of a second:
    /// the last of them waits some three.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxWaitingHashes { get; set; } = 32;

    /// <summary>As long as a session that an operator opens.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// The highest limit that a new member of a team may give a key until an owner says otherwise: enough to try what a key is good for,
    /// and no more of other people's money than that.
    /// </summary>
    [Range(0, 1_000_000_000_000)]
    public long MemberKeyLimit { get; set; } = 100;

    /// <summary>Long enough for somebody on holiday; an address changes hands in longer times.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan InvitationLifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Far above what a team invites at a time; without a bound, rows for emails that nobody has would grow for ever.</summary>
    [Range(1, 100_000)]
    public int InvitationsPerTeam { get; set; } = 200;

    public void Check(ConfigurationErrors errors)
    {
        if (SignUp is not (Open or Closed))
        {
            errors.Add(Section + ":SignUp", SignUp, $"{Open} or {Closed}");
        }
    }
}
