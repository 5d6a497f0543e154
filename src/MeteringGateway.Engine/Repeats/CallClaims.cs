using System.Globalization;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Repeats;

/// <summary>What became of the wish to be the one call of an idempotency key.</summary>
internal enum ClaimStatus
{
    /// <summary>Redis can't be asked.</summary>
    Unavailable = 0,

    /// <summary>The caller is the first, and ends the claim by exactly one of complete and drop.</summary>
    Claimed,

    /// <summary>A call with this key is under way.</summary>
    InProgress,

    /// <summary>A call with this key is done.</summary>
    Done,

    /// <summary>The key belongs to another request.</summary>
    Mismatch,

    /// <summary>Too many claims of the account are under way.</summary>
    TooMany,
}

/// <summary>The right to be the one call of an idempotency key, until the claim's lifetime is over.</summary>
/// <param name="Scope">Whose keys never meet those of another scope; without <c>|</c>. Null: that of the calls that hold credits.</param>
/// <param name="MayComeAgain">A delivery of the claim is lost, and may arrive when the call has ended.</param>
internal sealed record CallClaim(
    long AccountId, string? Scope, IdempotencyTicket Ticket, string RequestId, bool MayComeAgain = false)
{
    /// <summary>The record while the call is under way, in the form of those of held calls.</summary>
    public string UnderWay => $"h|{Ticket.Fingerprint}|{RequestId}|";

    /// <summary>
    /// The tombstone of a call that has ended: no late delivery of its claim takes effect, and another call finds the key free. Once
    /// another call has had the key and has ended, a delivery that is later still keeps the key until the claim's lifetime is over.
    /// </summary>
    public string Ended => $"x|{Ticket.Fingerprint}|{RequestId}|";

    public string Done(long credits, long? balance) => string.Create(
        CultureInfo.InvariantCulture, $"c|{Ticket.Fingerprint}|{RequestId}|{credits}{(balance is { } left ? $"|{left}" : "")}");
}

/// <param name="Status">Whether the caller is the first.</param>
/// <param name="Claim">Where it is.</param>
/// <param name="First">The call that has the key, where it is not.</param>
internal readonly record struct ClaimReply(ClaimStatus Status, CallClaim? Claim = null, FirstCall? First = null);

/// <summary>
/// Idempotency records of calls that hold no credits, whose keys no hold can guard: those of test keys and of free surfaces. No money hangs
/// on them. Any number of callers at once.
/// <para>
/// An account has at most <see cref="MostUnderWay"/> claims under way, which are refused beyond it, and <see cref="MostDone"/> that are
/// done, of which the oldest are forgotten. Refusing there, too, would keep an account that calls often from calling for a day; what is
/// forgotten costs nothing but a repeat that calls again, for nothing again.
/// </para>
/// </summary>
/// <param name="redis">The connection.</param>
/// <param name="partitions">Where accounts are.</param>
/// <param name="mostUnderWay">Claims of an account; fewer in a test.</param>
/// <param name="mostDone">Of an account; fewer in a test.</param>
internal sealed class CallClaims(
    RedisConnection redis, PartitionMap partitions, int mostUnderWay = CallClaims.MostUnderWay, int mostDone = CallClaims.MostDone)
{
    /// <summary>Once more after a lost answer: both deliveries are the same.</summary>
    private const int Tries = 2;

    /// <summary>As long as the record of a charged call.</summary>
    private const int LifeInSeconds = 86_400;

    /// <summary>Outlives any connection, and so any delivery.</summary>
    private const int TombstoneInSeconds = 3_600;

    /// <summary>More than the calls of an account that run at once; a few hundred bytes each.</summary>
    public const int MostUnderWay = 10_000;

    /// <summary>A call every nine seconds, each of them remembered for a day: about three megabytes.</summary>
    public const int MostDone = 10_000;

    private const long Claimed = 1;
    private const long Taken = 2;
    private const long TooMany = 3;

    private static readonly RedisScript s_claim = RedisScript.Load("claim-4");
    private static readonly RedisScript s_close = RedisScript.Load("close-claim-3");

    /// <param name="accountId">The account.</param>
    /// <param name="scope">Such as <c>test</c>; a part of the record's name. Null: the record is of the same name as a held call's.</param>
    /// <param name="ticket">The key, and what must be equal in a repeat.</param>
    /// <param name="requestId">This call's.</param>
    /// <param name="lifetime">After which the key is free where the gateway died; more than the call can last.</param>
    public async Task<ClaimReply> ClaimAsync(
        long accountId, string? scope, IdempotencyTicket ticket, string requestId, TimeSpan lifetime)
    {
        var claim = new CallClaim(accountId, scope, ticket, requestId);
        var partition = partitions.Of(accountId);
        var (result, mayComeAgain) = await RunAsync(
            s_claim, [.. KeysOf(claim), PartitionMap.Holds(partition)],
            [claim.UnderWay, (long)lifetime.TotalMilliseconds, mostUnderWay]);
        if (result is null && mayComeAgain)
        {
            // Or the key would be kept from everybody by a call that was never made. As far as Redis can be asked: past that the claim's
            // own lifetime ends it.
            await DropAsync(claim with { MayComeAgain = true });
        }

        var code = result is { Length: > 0 } && (long)result[0] is var told && s_claim.Answers(told) ? told : 0;
        if (code == Claimed)
        {
            return new ClaimReply(ClaimStatus.Claimed, claim with { MayComeAgain = mayComeAgain });
        }

        if (code == TooMany)
        {
            return new ClaimReply(ClaimStatus.TooMany);
        }

        if (code != Taken || result!.Length < 2 || (string?)result[1] is not { } record || FirstCall.Of(record) is not { } first)
        {
            return new ClaimReply(ClaimStatus.Unavailable);
        }

        var isOther = record.Split('|')[1] != ticket.Fingerprint;
        return new ClaimReply(
            isOther ? ClaimStatus.Mismatch : first.Charged is null ? ClaimStatus.InProgress : ClaimStatus.Done, First: first);
    }

    /// <summary>
    /// The call is done: a repeat gets its answer for a day. False: the claim had run out, or Redis is away and the key is free once it
    /// has.
    /// </summary>
    public Task<bool> CompleteAsync(CallClaim claim, long credits, long? balance) =>
        CloseAsync(claim, claim.Done(credits, balance), LifeInSeconds);

    /// <summary>The call came to nothing: its key is free. False as of <see cref="CompleteAsync"/>.</summary>
    public Task<bool> DropAsync(CallClaim claim) => CloseAsync(claim, claim.MayComeAgain ? claim.Ended : "", TombstoneInSeconds);

    private async Task<bool> CloseAsync(CallClaim claim, string record, int lifeInSeconds) =>
        await RunAsync(s_close, KeysOf(claim), [claim.UnderWay, record, lifeInSeconds, mostDone]) is { Result: { } result }
        && s_close.IsDone(result);

    private async Task<(RedisResult? Result, bool MayComeAgain)> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] values)
    {
        var mayComeAgain = false;
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var reply = await redis.EvaluateAsync(script, keys, values);
            if (reply.Answered)
            {
                return (reply.Result, mayComeAgain);
            }

            mayComeAgain |= reply.Outcome == ReplyOutcome.Unknown;
        }

        return (null, mayComeAgain);
    }

    private RedisKey[] KeysOf(CallClaim claim)
    {
        var (partition, account) = (partitions.Of(claim.AccountId), claim.AccountId);
        return
        [
            claim.Scope is { } scope
                ? PartitionMap.Claim(partition, account, scope, claim.Ticket.Hash)
                : PartitionMap.IdempotencyRecord(partition, account, claim.Ticket.Hash),
            PartitionMap.Claims(partition, account, areDone: false), PartitionMap.Claims(partition, account, areDone: true),
        ];
    }
}
