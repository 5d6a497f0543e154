namespace MeteringGateway.Accounts.People;

/// <summary>What inviting is answered with: only what was sent, whether or not anybody has that email.</summary>
internal sealed record InvitedView(string Email, string Role, string Status);

/// <summary>An invitation as the invited person sees it.</summary>
internal sealed record InvitationView
{
    public long Id { get; init; }
    public long TeamId { get; init; }
    public required string TeamName { get; init; }
    public required string Role { get; init; }

    /// <summary>The owner that asked; null: the team's own session.</summary>
    public string? InvitedBy { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
}

internal sealed record InvitationList(IReadOnlyList<InvitationView> Invitations);

/// <summary>An invitation as the team's owners see it. One that was declined looks as if nobody had seen it.</summary>
internal sealed record SentInvitationView
{
    public long Id { get; init; }
    public required string Email { get; init; }
    public required string Role { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
}

internal sealed record SentInvitationList(IReadOnlyList<SentInvitationView> Invitations);
