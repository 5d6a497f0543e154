using System.ComponentModel.DataAnnotations;
using MeteringGateway.Configuration;

namespace MeteringGateway.People;

/// <summary>Whether strangers may sign up, how often a person may try, and how long a password is stretched: section <c>People</c>.</summary>
internal sealed class PeopleOptions
{
    public const string Section = "People";
    public const string Open = "open";
    public const string Closed = "closed";

    /// <summary>
    /// <c>open</c>: whoever comes may make an account. <c>closed</c>, unless set: accounts are the operator's to make, for a gateway
    /// that nobody has thought about yet should let nobody in.
    /// </summary>
    public string SignUp { get; set; } = Closed;

    /// <summary>A person who errs needs a handful; a dictionary needs millions.</summary>
    [Range(1, 10_000)]
    public int AttemptsPerEmail { get; set; } = 10;

    /// <summary>Generous, for a whole office may share one address.</summary>
    [Range(1, 1_000_000)]
    public int AttemptsPerAddress { get; set; } = 200;

    /// <summary>In this time all attempts come back, evenly.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AttemptWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Rounds of PBKDF2 with HMAC-SHA-512; OWASP's figure of 2023. A raised one reaches each password at its next sign-in.</summary>
    [Range(10_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>As long as a session that an operator opens.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromDays(30);

    public void Check(ConfigurationErrors errors)
    {
        if (SignUp is not (Open or Closed))
        {
            errors.Add(Section + ":SignUp", SignUp, $"{Open} or {Closed}");
        }
    }
}
