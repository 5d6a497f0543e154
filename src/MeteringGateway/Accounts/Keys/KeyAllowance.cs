using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Accounts.Keys;

/// <summary>
/// What a member of a team may do with the team's keys, as the members' row has it inside the transaction that changes a key.
/// </summary>
internal sealed record KeyAllowance
{
    public long AccountId { get; init; }
    public required string Role { get; init; }

    /// <summary>The highest limit that this member may give a key; null: any.</summary>
    public long? KeyLimit { get; init; }

    /// <summary>
    /// Whether the member may make <paramref name="after"/> of <paramref name="before"/> (null: a new key). Others' keys are not a plain
    /// member's to touch: a rotation would put their secret, and with it their maker's role, into the member's hand.
    /// A test key spends nothing.
    /// </summary>
    public bool Allows(KeyRow? before, KeyRow after)
    {
        if (TeamRole.HandlesMoney(Role))
        {
            return true;
        }

        return (before is null || before.MadeBy == AccountId)
            && (after.KeyMode == KeyMode.Test || after.Status != KeyRow.Active || after.Limits == before?.Limits || Covers(after.Limits));
    }

    // Each limit by itself: with one of a day beside a lifetime's, whichever is above what is allowed can be spent up to.
    private bool Covers(KeyLimits limits) =>
        KeyLimit is not { } most || (limits.Set is { Count: > 0 } set && set.All(limit => limit.Limit <= most));
}
