using System.ComponentModel.DataAnnotations;
using MeteringGateway.Configuration;

namespace MeteringGateway.Accounts.Notices;

/// <summary>Threshold notices and their webhooks: section <c>Notices</c>.</summary>
internal sealed class NoticesOptions
{
    public const string Section = "Notices";

    /// <summary>
    /// How often the watcher looks and the sender asks what is due. A second is soon for a person and costs two small queries.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Lets webhooks go to private, loopback and link-local addresses and use plain http. Off, because an account chooses the URL
    /// and the gateway stands inside the operator's network.
    /// </summary>
    public bool AllowPrivateTargets { get; set; }

    /// <summary>
    /// What the accounts' webhook secrets are made of, at least 32 characters. Unset: a random one is made and kept in PostgreSQL, so that
    /// a reader of the table of settings could sign; set it where that matters. A changed key changes every secret.
    /// </summary>
    public string? SigningKey { get; set; }

    /// <summary>A short key could be guessed from one signed message.</summary>
    public const int ShortestSigningKey = 32;

    /// <summary>How long a receiver may take to answer. The work behind a notice belongs after its answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after the first failure; each further one is twice as long, shortened by chance by up to half.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(5);

    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromHours(1);

    /// <summary>After this many a notice is a dead letter: with the pauses above, after some five hours.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 16;

    public void Check(ConfigurationErrors errors)
    {
        if (SigningKey is { Length: < ShortestSigningKey })
        {
            errors.AddWithoutValue($"{Section}:{nameof(SigningKey)}", $"is too short: must have at least {ShortestSigningKey} characters");
        }
    }
}
