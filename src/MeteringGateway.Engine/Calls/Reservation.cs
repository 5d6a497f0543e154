using System.Globalization;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Engine.Calls;

/// <summary>What a call asks of the store before it is forwarded.</summary>
/// <param name="RequestId">Becomes the ledger's entry id.</param>
/// <param name="Amount">The most the call may cost, in credits.</param>
/// <param name="Lifetime">After this the hold goes back by itself.</param>
internal sealed record Reservation(
    string RequestId, long AccountId, long KeyId, int SecretVersion, string Surface, long Amount, TimeSpan Lifetime);

/// <summary>Credits set aside for one call. Only its owner resolves it until its deadline, by exactly one commit or release.</summary>
/// <param name="Id">The request id; where the answer to a reserve was lost, followed by which try it was.</param>
/// <param name="Deadline">By the gateway's own clock: no later than the store's.</param>
/// <param name="StoreDeadline">In milliseconds of the store's clock.</param>
/// <param name="Epoch">Under which it was made.</param>
internal sealed record Hold(string Id, Reservation Reservation, SpendWindows Windows, long Deadline, long StoreDeadline, long Epoch)
{
    private const char TrySeparator = '.';

    /// <summary>The id of the hold that the n-th try of a request makes.</summary>
    public static string IdOf(string requestId, int nthTry) =>
        nthTry == 1 ? requestId : string.Create(CultureInfo.InvariantCulture, $"{requestId}{TrySeparator}{nthTry}");

    /// <summary>The request that a hold's id belongs to.</summary>
    public static string RequestOf(string id) => id.IndexOf(TrySeparator, StringComparison.Ordinal) is var end and >= 0 ? id[..end] : id;
}

/// <summary>The answers of reserve, in the order in which they are decided.</summary>
internal enum ReserveStatus
{
    /// <summary>The store can't be asked, or the partition is being recovered.</summary>
    Unavailable = 0,
    Reserved = 1,
    InvalidKey = 10,
    AccountSuspended = 11,
    SurfaceNotAllowed = 12,
    RateLimited = 13,
    BacklogFull = 14,
    InsufficientCredits = 15,

    /// <summary>The balance would do, but calls in flight hold it.</summary>
    CreditsReserved = 16,
    FixedLimit = 20,
    DailyLimit = 21,
    WeeklyLimit = 22,
    MonthlyLimit = 23,

    /// <summary>The account's own monthly budget.</summary>
    AccountBudget = 24,
}

/// <summary>How reserve refuses a call that a limit of the key does not allow.</summary>
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

/// <summary>The answer to a reservation; <paramref name="Hold"/> is there exactly when it was reserved.</summary>
internal readonly record struct ReserveReply(ReserveStatus Status, Hold? Hold, BalanceSnapshot Snapshot);

internal enum CommitStatus
{
    /// <summary>The store could not be asked before the hold's deadline: not charged, and reversed if it was after all.</summary>
    Unavailable = 0,
    Committed = 1,

    /// <summary>An earlier send took effect, or will never again be let to.</summary>
    Resolved = 2,

    /// <summary>The hold had expired and the credits are gone; nothing was charged.</summary>
    Uncollected = 3,

    /// <summary>The price was above the hold: a bug in the caller.</summary>
    AboveHold = 4,

    /// <summary>As unavailable, and PostgreSQL is away too: whether it stays charged can't be promised to anybody.</summary>
    Unknown = 5,
}

/// <summary>The answer to a commit. <paramref name="Snapshot"/> is empty where the store did not say.</summary>
internal readonly record struct CommitReply(CommitStatus Status, BalanceSnapshot Snapshot);
