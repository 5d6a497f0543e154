namespace MeteringGateway.Accounts.Keys;

internal enum KeyChangeStatus
{
    Done,

    /// <summary>No such key, or not one that the caller may see; or the caller is no longer in the team.</summary>
    NotFound,

    /// <summary>What the caller was let in by has ended since.</summary>
    CallerEnded,

    /// <summary>A member's role or key limit does not allow it.</summary>
    RoleRequired,

    /// <summary>The caller made nothing of the row as it is, and knows why.</summary>
    Refused,
}

/// <summary>What became of a change. The row is there exactly when it is done.</summary>
internal readonly record struct KeyChange(KeyChangeStatus Status, KeyRow? Row)
{
    public static KeyChange Of(KeyChangeStatus status) => new(status, null);
}
