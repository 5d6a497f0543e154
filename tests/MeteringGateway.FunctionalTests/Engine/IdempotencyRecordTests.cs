using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Calls.Batching;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>The record of a client's idempotency key, which reserve looks up and makes in the same step as the hold.</summary>
public sealed class IdempotencyRecordTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private const long Epoch = 7;
    private static readonly ScriptCaller s_caller = new(Epoch, 0);
    private static readonly IdempotencyTicket s_ticket = new("hash", "print");
    private static readonly IdempotencyTicket s_otherRequest = new("hash", "another print");

    [Fact]
    public async Task Repeat_WhileTheFirstIsUnderWay_IsRefused()
    {
        var store = await LoadedAsync();
        var answers = await store.RunAllAsync(0, 1_000, Reserve(store, "a"), Reserve(store, "b"));
        Assert.Equal([1L, (long)ReserveStatus.IdempotencyInProgress], answers.Select(answer => answer[0]));
        Assert.Equal((long)ReserveStatus.IdempotencyInProgress, (await ReserveAsync(store, "c"))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyMismatch, (await ReserveAsync(store, "d", s_otherRequest))[0]);
        Assert.Equal([100L, 10, 10], (await store.SumHoldsAsync(s_caller, 1)).Skip(2));
    }

    [Fact]
    public async Task Repeat_OfAChargedCall_NamesItAndItsPrice()
    {
        var store = await LoadedAsync();
        var reserved = await ReserveAsync(store, "a");
        var windows = new SpendWindows(reserved[5], reserved[6], reserved[7]);
        Assert.Equal(1, (await store.CommitAsync(s_caller, "a", 1, 1, 7, windows, again: false, s_ticket))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyCharged, (await ReserveAsync(store, "b"))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyMismatch, (await ReserveAsync(store, "c", s_otherRequest))[0]);

        RedisKey name = PartitionMap.IdempotencyRecord(store.Number, 1, "hash");
        var record = (string)(await store.Redis.ExecuteAsync("GET", name)).Result!;
        Assert.Equal(new FirstCall("a", 7, 93), FirstCall.Of(record));
        Assert.InRange((long)(await store.Redis.ExecuteAsync("TTL", name)).Result!, 86_000, 86_400);
    }

    [Fact]
    public async Task Key_OfACallThatWasReleased_IsFreeAgain()
    {
        var store = await LoadedAsync();
        await ReserveAsync(store, "a");
        Assert.Equal(1, (await store.ReleaseAsync(s_caller, "a", 1, 1, expiredOnly: false, s_ticket))[0]);
        Assert.Equal(1, (await ReserveAsync(store, "b", s_otherRequest))[0]);
    }

    [Fact]
    public async Task Key_OfACallWhoseGatewayDied_IsFreeOnceItsHoldHasExpired()
    {
        var store = await LoadedAsync();
        await ReserveAsync(store, "a", lifetime: 0);
        Assert.Equal((long)ReserveStatus.IdempotencyInProgress, (await ReserveAsync(store, "b"))[0]);
        Assert.Equal(1, (await store.ReleaseAsync(s_caller, "a", 1, 1, expiredOnly: true))[0]);
        Assert.Equal(1, (await ReserveAsync(store, "c"))[0]);
    }

    /// <summary>A gateway that was frozen past its hold's deadline, and thaws when a repeat was charged.</summary>
    [Fact]
    public async Task LateCommit_WhoseKeyAnotherCallHas_IsNotCollected()
    {
        var store = await LoadedAsync();
        var reserved = await ReserveAsync(store, "a", lifetime: 0);
        var windows = new SpendWindows(reserved[5], reserved[6], reserved[7]);
        await store.ReleaseAsync(s_caller, "a", 1, 1, expiredOnly: true);
        await ReserveAsync(store, "b");
        Assert.Equal(1, (await store.CommitAsync(s_caller, "b", 1, 1, 10, windows, again: false, s_ticket))[0]);

        var late = await store.CommitAsync(s_caller, "a", 1, 1, 10, windows, again: false, s_ticket);
        Assert.Equal((3, 90), (late[0], late[3]));
        RedisKey name = PartitionMap.IdempotencyRecord(store.Number, 1, "hash");
        Assert.Equal(new FirstCall("b", 10, 90), FirstCall.Of((string)(await store.Redis.ExecuteAsync("GET", name)).Result!));
    }

    [Fact]
    public async Task LateCommit_WhoseKeyIsStillItsOwn_IsCollected()
    {
        var store = await LoadedAsync();
        var reserved = await ReserveAsync(store, "a", lifetime: 0);
        await store.ReleaseAsync(s_caller, "a", 1, 1, expiredOnly: true);
        var windows = new SpendWindows(reserved[5], reserved[6], reserved[7]);
        Assert.Equal(1, (await store.CommitAsync(s_caller, "a", 1, 1, 10, windows, again: false, s_ticket))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyCharged, (await ReserveAsync(store, "b"))[0]);
    }

    [Fact]
    public async Task Release_OfAnotherCall_LeavesTheRecord()
    {
        var store = await LoadedAsync();
        await ReserveAsync(store, "a");
        await store.ReserveAsync(s_caller, "b", 1, 1, 10, 30_000, 1, "search", 1_000);
        Assert.Equal(1, (await store.ReleaseAsync(s_caller, "b", 1, 1, expiredOnly: false, s_ticket))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyInProgress, (await ReserveAsync(store, "c"))[0]);
    }

    [Fact]
    public async Task Refusal_OfTheCall_MakesNoRecord()
    {
        var store = await LoadedAsync();
        Assert.Equal((long)ReserveStatus.InsufficientCredits, (await ReserveAsync(store, "a", amount: 101))[0]);
        Assert.Equal(1, (await ReserveAsync(store, "b", s_otherRequest))[0]);
    }

    /// <summary>A commit that took effect and was answered as not charged: the charge is taken back, and a repeat is a new call.</summary>
    [Fact]
    public async Task Key_OfAChargeThatWasReversed_IsFreeAndChargedOnceInAll()
    {
        var store = await LoadedAsync();
        var reserved = await ReserveAsync(store, "a");
        var windows = new SpendWindows(reserved[5], reserved[6], reserved[7]);
        await store.CommitAsync(s_caller, "a", 1, 1, 7, windows, again: false, s_ticket);
        Assert.Equal(2, (await store.TombstoneAsync(s_caller, "a", 1, 1, s_ticket.Hash))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyCharged, (await ReserveAsync(store, "b"))[0]);

        Assert.Equal(1, (await store.ReverseAsync(s_caller, "a", 1, 1, 7, windows, s_ticket.Hash))[0]);
        Assert.Equal(1, (await ReserveAsync(store, "c"))[0]);
        Assert.Equal(1, (await store.CommitAsync(s_caller, "c", 1, 1, 7, windows, again: false, s_ticket))[0]);

        // Once more, for its answer was lost: the record is that of the second call by now.
        Assert.Equal(2, (await store.ReverseAsync(s_caller, "a", 1, 1, 7, windows, s_ticket.Hash))[0]);
        var repeat = await ReserveAsync(store, "d");
        Assert.Equal(((long)ReserveStatus.IdempotencyCharged, 93), (repeat[0], repeat[3]));
    }

    [Fact]
    public async Task Key_OfACallThatATombstoneReleased_IsFreeAgain()
    {
        var store = await LoadedAsync();
        await ReserveAsync(store, "a");
        Assert.Equal(1, (await store.TombstoneAsync(s_caller, "a", 1, 1, s_ticket.Hash))[0]);
        RedisKey name = PartitionMap.IdempotencyRecord(store.Number, 1, s_ticket.Hash);
        Assert.True((await store.Redis.ExecuteAsync("GET", name)).Result!.IsNull);
        Assert.Equal(1, (await ReserveAsync(store, "b", s_otherRequest))[0]);
    }

    [Theory]
    [InlineData("tombstone")]
    [InlineData("reversal")]
    public async Task Record_OfAnotherCall_OutlivesTheEndOfADispute(string end)
    {
        var store = await LoadedAsync();
        var reserved = await store.ReserveAsync(s_caller, "a", 1, 1, 10, 30_000, 1, "search", 1_000);
        var windows = new SpendWindows(reserved[5], reserved[6], reserved[7]);
        await ReserveAsync(store, "b");
        Assert.Equal(1, end == "tombstone"
            ? (await store.TombstoneAsync(s_caller, "a", 1, 1, s_ticket.Hash))[0]
            : (await store.ReverseAsync(s_caller, "a", 1, 1, 7, windows, s_ticket.Hash))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyInProgress, (await ReserveAsync(store, "c"))[0]);
    }

    [Fact]
    public async Task Record_OfAnotherAccount_BindsNobody()
    {
        var store = await LoadedAsync();
        await store.LoadAccountAsync(s_caller, 2, 100, "active", 1, -1, 0, 0);
        await store.LoadKeyAsync(s_caller, 2, 1, "active", 1, 0, 0, "", 0, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0);
        await ReserveAsync(store, "a");
        Assert.Equal(1, (await store.ReserveAsync(s_caller, "b", 2, 2, 10, 30_000, 1, "search", 1_000, s_ticket))[0]);
    }

    [Fact]
    public async Task Repeat_OverTheKeysCallsAMinute_IsRefusedAsAnyCall()
    {
        var store = await LoadedAsync(perMinute: 3);
        Assert.Equal(1, (await ReserveAsync(store, "a"))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyInProgress, (await ReserveAsync(store, "b"))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyMismatch, (await ReserveAsync(store, "c", s_otherRequest))[0]);
        Assert.Equal((long)ReserveStatus.RateLimited, (await ReserveAsync(store, "d"))[0]);
        Assert.Equal([100L, 10, 10], (await store.SumHoldsAsync(s_caller, 1)).Skip(2));
    }

    /// <summary>Of a chain with priced providers, one that costs nothing has answered.</summary>
    [Fact]
    public async Task Key_OfACallThatCostNothing_IsDoneAndNothingIsHeld()
    {
        var store = await LoadedAsync();
        await ReserveAsync(store, "a");
        Assert.Equal(1, (await store.ReleaseFreeAsync(s_caller, "a", 1, 1, s_ticket))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyCharged, (await ReserveAsync(store, "b"))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyMismatch, (await ReserveAsync(store, "c", s_otherRequest))[0]);
        Assert.Equal(new FirstCall("a", 0, 100), FirstCall.Of(await RecordAsync(store)));
        Assert.Equal([100L, 0, 0], (await store.SumHoldsAsync(s_caller, 1)).Skip(2));

        // Once more, for its answer was lost.
        Assert.Equal(2, (await store.ReleaseFreeAsync(s_caller, "a", 1, 1, s_ticket))[0]);
        Assert.Equal(new FirstCall("a", 0, 100), FirstCall.Of(await RecordAsync(store)));
    }

    /// <summary>The key of a call that costs nothing is that of calls that cost, both ways.</summary>
    [Fact]
    public async Task Key_OfAFreeCall_IsThatOfCallsThatCost()
    {
        var store = await LoadedAsync();
        Assert.Equal(1, (await store.ClaimAsync("h|another print|free|", "hash"))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyMismatch, (await ReserveAsync(store, "a"))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyInProgress, (await ReserveAsync(store, "b", s_otherRequest))[0]);
        Assert.Equal(1, (await store.CloseClaimAsync("h|another print|free|", "c|another print|free|0", "hash"))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyMismatch, (await ReserveAsync(store, "c"))[0]);
        Assert.Equal((long)ReserveStatus.IdempotencyCharged, (await ReserveAsync(store, "d", s_otherRequest))[0]);
        Assert.Equal([100L, 0, 0], (await store.SumHoldsAsync(s_caller, 1)).Skip(2));
    }

    [Fact]
    public async Task Claim_OfAKeyThatAHeldCallHas_IsTakenUntilTheHoldIsGone()
    {
        var store = await LoadedAsync();
        await ReserveAsync(store, "a", lifetime: 0);
        Assert.Equal(2, (await store.ClaimAsync("h|print|free|", "hash"))[0]);
        Assert.Equal(1, (await store.ReleaseAsync(s_caller, "a", 1, 1, expiredOnly: true))[0]);
        Assert.Equal(1, (await store.ClaimAsync("h|print|free|", "hash"))[0]);

        // The gateway of the held call thaws: the key is another call's, and may be charged once.
        var late = await store.CommitAsync(s_caller, "a", 1, 1, 10, default, again: false, s_ticket);
        Assert.Equal((3, 100), (late[0], late[3]));
    }

    [Fact]
    public async Task Claim_OfAKeyThatWasCharged_IsTaken()
    {
        var store = await LoadedAsync();
        var reserved = await ReserveAsync(store, "a");
        await store.CommitAsync(
            s_caller, "a", 1, 1, 7, new SpendWindows(reserved[5], reserved[6], reserved[7]), again: false, s_ticket);
        Assert.Equal(2, (await store.ClaimAsync("h|print|free|", "hash"))[0]);
        Assert.Equal(new FirstCall("a", 7, 93), FirstCall.Of(await RecordAsync(store)));
    }

    private static async Task<string> RecordAsync(ScriptPartition store) =>
        (string)(await store.Redis.ExecuteAsync("GET", (RedisKey)PartitionMap.IdempotencyRecord(store.Number, 1, "hash"))).Result!;

    private static ReserveOperation Reserve(ScriptPartition store, string id) =>
        store.Reserve(s_caller, id, 1, 1, 10, 30_000, 1, "search", s_ticket);

    private static Task<long[]> ReserveAsync(
        ScriptPartition store, string id, IdempotencyTicket? ticket = null, long amount = 10, long lifetime = 30_000) =>
        store.ReserveAsync(s_caller, id, 1, 1, amount, lifetime, 1, "search", 1_000, ticket ?? s_ticket);

    private async Task<ScriptPartition> LoadedAsync(int perMinute = 0)
    {
        var store = redis.NewPartition();
        await store.FenceAsync(Epoch);
        await store.OpenAsync(Epoch, 0);
        await store.LoadAccountAsync(s_caller, 1, 100, "active", 1, -1, 0, 0);
        await store.LoadKeyAsync(s_caller, 1, 1, "active", 1, 0, 0, "", perMinute, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0);
        if (perMinute > 0)
        {
            // Half a minute away from either of its ends.
            var time = (RedisValue[])(await store.Redis.ExecuteAsync("TIME")).Result!;
            await store.SetClockOffsetAsync(30_000 - ((long)time[0] * 1_000 % 60_000));
        }

        return store;
    }
}
