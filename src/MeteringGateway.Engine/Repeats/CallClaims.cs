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
}

/// <summary>The right to be the one call of an idempotency key, until the claim's lifetime is over.</summary>
/// <param name="Scope">Whose keys never meet those of another scope; without <c>|</c>.</param>
internal sealed record CallClaim(long AccountId, string Scope, IdempotencyTicket Ticket, string RequestId)
{
    /// <summary>The record while the call is under way, in the form of those of held calls.</summary>
    public string UnderWay => $"h|{Ticket.Fingerprint}|{RequestId}|";

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
/// </summary>
internal sealed class CallClaims(RedisConnection redis, PartitionMap partitions)
{
    /// <summary>Once more after a lost answer: both deliveries are the same.</summary>
    private const int Tries = 2;

    /// <summary>As long as the record of a charged call.</summary>
    private const int LifeInSeconds = 86_400;

    private const long Claimed = 1;
    private const long Taken = 2;

    private static readonly RedisScript s_claim = RedisScript.Load("claim-1");
    private static readonly RedisScript s_close = RedisScript.Load("close-claim-1");

    /// <param name="accountId">The account.</param>
    /// <param name="scope">Such as <c>test</c>; a part of the record's name.</param>
    /// <param name="ticket">The key, and what must be equal in a repeat.</param>
    /// <param name="requestId">This call's.</param>
    /// <param name="lifetime">After which the key is free where the gateway died; more than the call can last.</param>
    public async Task<ClaimReply> ClaimAsync(
        long accountId, string scope, IdempotencyTicket ticket, string requestId, TimeSpan lifetime)
    {
        var claim = new CallClaim(accountId, scope, ticket, requestId);
        var result = await RunAsync(s_claim, claim, claim.UnderWay, (long)lifetime.TotalMilliseconds);
        var code = result is { Length: > 0 } && (long)result[0] is var told && s_claim.Answers(told) ? told : 0;
        if (code == Claimed)
        {
            return new ClaimReply(ClaimStatus.Claimed, claim);
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
    public Task<bool> CompleteAsync(CallClaim claim, long credits, long? balance) => CloseAsync(claim, claim.Done(credits, balance));

    /// <summary>The call came to nothing: its key is free. False as of <see cref="CompleteAsync"/>.</summary>
    public Task<bool> DropAsync(CallClaim claim) => CloseAsync(claim, "");

    private async Task<bool> CloseAsync(CallClaim claim, string record) =>
        await RunAsync(s_close, claim, claim.UnderWay, record, LifeInSeconds) is { } result && s_close.IsDone(result);

    private async Task<RedisResult?> RunAsync(RedisScript script, CallClaim claim, params RedisValue[] values)
    {
        RedisKey[] keys =
        [
            PartitionMap.Claim(partitions.Of(claim.AccountId), claim.AccountId, claim.Scope, claim.Ticket.Hash),
        ];
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var reply = await redis.EvaluateAsync(script, keys, values);
            if (reply.Answered)
            {
                return reply.Result;
            }
        }

        return null;
    }
}
