using System.Globalization;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Engine.Calls;

/// <summary>The request for a hold, before the call is forwarded.</summary>
/// <param name="RequestId">Becomes the ledger's entry id.</param>
/// <param name="Amount">The most the call may cost, in credits.</param>
/// <param name="Lifetime">The hold expires after this time.</param>
/// <param name="Idempotency">Null: the client gave no idempotency key.</param>
internal sealed record Reservation(
    string RequestId, long AccountId, long KeyId, int SecretVersion, string Surface, long Amount, TimeSpan Lifetime,
    IdempotencyTicket? Idempotency = null)
{
    /// <summary>What an idempotency record says of this request; empty without a key.</summary>
    public string Ticket => Idempotency is { } key ? $"{key.Fingerprint}|{RequestId}" : "";
}

/// <summary>A client's idempotency key, as reserve looks it up.</summary>
/// <param name="Hash">SHA-256 of the key in its account, in lower-case hex: the ledger keeps it with the charge.</param>
/// <param name="Fingerprint">Of what must be equal in a repeat; has no <c>|</c>.</param>
internal sealed record IdempotencyTicket(string Hash, string Fingerprint);

/// <summary>Credits held for one call. Until the deadline only the owner resolves the hold, by exactly one commit or release.</summary>
/// <param name="Id">The request id; after a lost answer to reserve, with the number of the try appended.</param>
/// <param name="Deadline">A timestamp of the gateway's clock, no later than the deadline in Redis.</param>
/// <param name="RedisDeadline">In milliseconds of Redis's clock.</param>
/// <param name="Epoch">The epoch in which the hold was made.</param>
internal sealed record Hold(string Id, Reservation Reservation, SpendWindows Windows, long Deadline, long RedisDeadline, long Epoch)
{
    private const char TrySeparator = '.';

    /// <summary>The id of the hold that the n-th try of a request makes.</summary>
    public static string IdOf(string requestId, int nthTry) =>
        nthTry == 1 ? requestId : string.Create(CultureInfo.InvariantCulture, $"{requestId}{TrySeparator}{nthTry}");

    /// <summary>The request id of a hold.</summary>
    public static string RequestOf(string id) => id.IndexOf(TrySeparator, StringComparison.Ordinal) is var end and >= 0 ? id[..end] : id;
}

/// <summary>The answers of reserve, in the order of their precedence.</summary>
internal enum ReserveStatus
{
    /// <summary>Redis can't be asked, or the partition is being recovered.</summary>
    Unavailable = 0,
    Reserved = 1,
    InvalidKey = 10,
    AccountSuspended = 11,
    SurfaceNotAllowed = 12,
    RateLimited = 13,
    BacklogFull = 14,
    InsufficientCredits = 15,

    /// <summary>The balance suffices, but calls in flight hold it.</summary>
    CreditsReserved = 16,
    FixedLimit = 20,
    DailyLimit = 21,
    WeeklyLimit = 22,
    MonthlyLimit = 23,

    /// <summary>The account's own monthly budget.</summary>
    AccountBudget = 24,

    /// <summary>A call with this idempotency key is under way.</summary>
    IdempotencyInProgress = 30,

    /// <summary>A call with this idempotency key was charged.</summary>
    IdempotencyCharged = 31,

    /// <summary>This idempotency key belongs to another request.</summary>
    IdempotencyMismatch = 32,
}

/// <summary>The refusal of reserve for each limit of a key.</summary>
internal static class LimitStatus
{
    public static ReserveStatus Of(Period period) => period.Number switch
    {
        0 => ReserveStatus.FixedLimit,
        1 => ReserveStatus.DailyLimit,
        2 => ReserveStatus.WeeklyLimit,
        3 => ReserveStatus.MonthlyLimit,
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, null),
    };
}

/// <summary>
/// The answer to a reservation; <paramref name="Hold"/> is null unless the status is <see cref="ReserveStatus.Reserved"/>.
/// </summary>
/// <param name="Status">Whether the credits are held, or why not.</param>
/// <param name="Hold">To be resolved by exactly one commit or release.</param>
/// <param name="Snapshot">Empty without an answer of Redis.</param>
/// <param name="First">The call that has the idempotency key, where that is why nothing is held.</param>
internal readonly record struct ReserveReply(ReserveStatus Status, Hold? Hold, BalanceSnapshot Snapshot, FirstCall? First = null);

internal enum CommitStatus
{
    /// <summary>No answer from Redis before the hold's deadline: the commit is disputed and counts as not charged.</summary>
    Unavailable = 0,
    Committed = 1,

    /// <summary>An earlier send took effect, or a tombstone makes every send a no-op.</summary>
    Resolved = 2,

    /// <summary>The hold had expired and its credits were spent elsewhere; nothing was charged.</summary>
    Uncollected = 3,

    /// <summary>The price was above the hold: a bug in the caller.</summary>
    AboveHold = 4,

    /// <summary>As unavailable, but PostgreSQL could not record the dispute: neither "charged" nor "not charged" can be promised.</summary>
    Unknown = 5,
}

/// <summary>The answer to a commit. <paramref name="Snapshot"/> is empty without an answer of Redis.</summary>
internal readonly record struct CommitReply(CommitStatus Status, BalanceSnapshot Snapshot);
