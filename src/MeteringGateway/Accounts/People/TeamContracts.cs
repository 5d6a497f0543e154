using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Accounts.People;

/// <summary>A team as one of its members sees it: its wallet's balance, and what the member may do.</summary>
internal sealed record TeamView
{
    public long Id { get; init; }
    public required string FullName { get; init; }

    /// <summary>One of <see cref="TeamRole.All"/>.</summary>
    public required string Role { get; init; }

    /// <summary>The highest limit that the member may give a key; null: any.</summary>
    public long? KeyLimit { get; init; }
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

    /// <summary>The highest limit that the member may give a key; null: any.</summary>
    public long? KeyLimit { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed record MemberList(IReadOnlyList<MemberView> Members);

/// <summary>What <c>POST …/members</c> asks for.</summary>
internal sealed record NewMember(string Email, string Role)
{
    public static NewMember? Read(RequestFields fields)
    {
        var email = NewAccount.ReadEmail(fields);
        var role = fields.OneOf("role", TeamRole.All) ?? TeamRole.Member;
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? new NewMember(email!, role) : null;
    }
}

/// <summary>What <c>PATCH …/members/{account id}</c> asks for; an absent field stays as it is.</summary>
/// <param name="Role">Null: as it is.</param>
/// <param name="KeyLimit">Null, where it is given: no limit.</param>
/// <param name="SetsKeyLimit">Whether the limit is given.</param>
internal sealed record MemberChange(string? Role, long? KeyLimit, bool SetsKeyLimit)
{
    public static MemberChange? Read(RequestFields fields)
    {
        var role = fields.Given("role") ? fields.OneOf("role", TeamRole.All, required: true) : null;
        var setsLimit = fields.Given("key_limit");
        var limit = setsLimit ? fields.Whole("key_limit", 0, CreditBounds.Balance) : null;
        if (!fields.Given("role") && !setsLimit)
        {
            fields.Refuse("role", "or key_limit is required");
        }

        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? new MemberChange(role, limit, setsLimit) : null;
    }
}
