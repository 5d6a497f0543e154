namespace MeteringGateway.Accounts.People;

/// <summary>What a change of a password comes to.</summary>
internal enum PasswordChangeStatus
{
    Done,

    /// <summary>The session that asked has ended since it was looked at.</summary>
    CallerEnded,

    /// <summary>The password is another by now than the one that was shown, or, with none shown, there is one.</summary>
    AnotherPassword,
}

/// <summary>
/// A password as it was kept when it was verified. Hashing takes a while, and the password may be another by then: what rests on the one
/// that was shown is written only where it is still there.
/// </summary>
/// <param name="Hash">As it is kept.</param>
/// <param name="ChangedAt">When it became the password; hashing it anew is no change.</param>
internal sealed record KeptPassword(string Hash, DateTimeOffset ChangedAt)
{
    /// <summary>The same password hashed anew, where the kept hash is weaker than it should be by now.</summary>
    public string? NewHash { get; init; }
}
