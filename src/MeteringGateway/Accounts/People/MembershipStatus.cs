namespace MeteringGateway.Accounts.People;

internal enum MembershipStatus
{
    Done,
    UnknownPerson,
    AlreadyMember,
    NotAMember,

    /// <summary>A team without an owner would be nobody's to change.</summary>
    LastOwner,

    /// <summary>Whoever asks was an owner when it came in, and is none any more.</summary>
    RoleRequired,
}
