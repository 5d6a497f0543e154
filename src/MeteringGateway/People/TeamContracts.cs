using MeteringGateway.Requests;

namespace MeteringGateway.People;

/// <summary>A team as one of its members sees it: its wallet's balance, and what the member may do.</summary>
internal sealed record TeamView
{
    public long Id { get; init; }
    public required string FullName { get; init; }

    /// <summary><c>owner</c> or <c>member</c>.</summary>
    public required string Role { get; init; }
    public required string Status { get; init; }
    public long CreditBalance { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed record TeamList(IReadOnlyList<TeamView> Teams);

internal sealed record MemberView
{
    public long AccountId { get; init; }
    public required string Email { get; init; }
    public required string FullName { get; init; }
    public required string Role { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed record MemberList(IReadOnlyList<MemberView> Members);

/// <summary>What <c>POST …/members</c> asks for.</summary>
internal sealed record NewMember(string Email, string Role)
{
    private static readonly string[] Roles = [TeamStore.Owner, TeamStore.Member];

    public static NewMember? Read(RequestFields fields)
    {
        var email = fields.Text("email", 320, required: true);
        var role = fields.OneOf("role", Roles) ?? TeamStore.Member;
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? new NewMember(email!, role) : null;
    }
}
