using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Account.Team;

/// <summary>A team that the visitor is in.</summary>
public sealed record TeamInfo(long Id, string FullName, string Role, long? KeyLimit, string Status, long CreditBalance);

public sealed record TeamList(IReadOnlyList<TeamInfo> Teams);

public sealed record MemberInfo(long AccountId, string Email, string FullName, string Role, long? KeyLimit, DateTimeOffset CreatedAt);

public sealed record MemberList(IReadOnlyList<MemberInfo> Members);

/// <summary>An invitation that the visitor got.</summary>
public sealed record InvitationInfo(
    long Id, long TeamId, string TeamName, string Role, string? InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

public sealed record InvitationList(IReadOnlyList<InvitationInfo> Invitations);

/// <summary>An invitation of the team that nobody has accepted.</summary>
public sealed record SentInfo(long Id, string Email, string Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

public sealed record SentList(IReadOnlyList<SentInfo> Invitations);

/// <param name="Teams">Null, like every part: it can't be read now, or the visitor may not see it.</param>
/// <param name="Problem">What was wrong with a form, or why something can't be shown.</param>
public sealed record TeamModel(IReadOnlyList<TeamInfo>? Teams, ApiProblem? Problem)
{
    public IReadOnlyList<InvitationInfo> Invitations { get; init; } = [];

    /// <summary>Of the team whose wallet is open.</summary>
    public IReadOnlyList<MemberInfo>? Members { get; init; }

    /// <summary>Null: only owners see them.</summary>
    public IReadOnlyList<SentInfo>? Sent { get; init; }
}
