namespace MeteringGateway.Accounts.People;

internal enum MembershipStatus
{
    Done,

    /// <summary>What the caller was let in by has ended since.</summary>
    CallerEnded,
    UnknownPerson,
    AlreadyMember,
    NotAMember,

    /// <summary>A team without an owner would be nobody's to change.</summary>
    LastOwner,

    /// <summary>The caller was an owner when the request came in, and is none any more.</summary>
    RoleRequired,
}
