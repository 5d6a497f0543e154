using MeteringGateway.Http.Authentication;

namespace MeteringGateway.WebConsole.Frame.Visits;

/// <summary>A person who has signed in, and the account whose wallet the pages show.</summary>
public sealed record Visitor
{
    public long PersonId { get; init; }

    /// <summary>The person's own, to sign in with.</summary>
    public required string Email { get; init; }

    public required string FullName { get; init; }

    /// <summary>The person's own account, or that of a team.</summary>
    public long WalletId { get; init; }

    public required string WalletName { get; init; }

    public required string Role { get; init; }

    public bool IsSuspended { get; init; }

    public bool IsForTeam => WalletId != PersonId;

    /// <summary>May buy, bind and change money.</summary>
    public bool HandlesMoney => TeamRole.HandlesMoney(Role);

    internal SecretHash Session { get; init; }

    internal Vouched Vouched() => new(
        IsSuspended
            ? new AuthenticationReply(AuthenticationStatus.Suspended, null)
            : new AuthenticationReply(AuthenticationStatus.Accepted, Identity),
        null);

    internal AccountIdentity Identity => new(PersonId, WalletId, null, AccountIdentity.Session)
    {
        Role = Role,
        MemberId = IsForTeam ? PersonId : null,
        Proof = new CallerProof(Session, null),
    };
}

/// <summary>An operator who has signed in.</summary>
/// <param name="Name">Empty: with the bootstrap token.</param>
/// <param name="MayChange">False: may look at everything and change nothing.</param>
public sealed record OperatorVisitor(string Name, bool MayChange)
{
    internal SecretHash Session { get; init; }

    internal Vouched Vouched() => new(null, new OperatorIdentity(Name, MayChange));
}
