namespace MeteringGateway.Accounts.People.Welcome;

/// <summary>A link that is good, and whose it is.</summary>
internal sealed record WelcomeLink(long AccountId, string Email, string FullName, DateTimeOffset ExpiresAt);

/// <summary>What a look at a link, or its use, comes to.</summary>
internal enum WelcomeStatus
{
    Good,

    /// <summary>Never given out, used, too old, or ended by a newer one: which of them is nobody's business.</summary>
    Ended,

    /// <summary>The account is suspended; the link stays, and is good again once the account is active.</summary>
    Suspended,
}

/// <summary>The link is there exactly when it is good.</summary>
internal readonly record struct WelcomeLook(WelcomeStatus Status, WelcomeLink? Link);

/// <summary>The account, and until when its session of the console lasts, are there exactly when its password was set.</summary>
internal readonly record struct WelcomeResult(WelcomeStatus Status, long? AccountId, DateTimeOffset? ExpiresAt);

/// <summary>What <c>POST /admin/accounts/{id}/sessions</c> answers.</summary>
internal sealed record HandedOutSession(string Session, long AccountId, DateTimeOffset ExpiresAt, string ConsoleUrl);
