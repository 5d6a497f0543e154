using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Repeats;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Repeats;

/// <summary>The idempotency records of calls that hold nothing.</summary>
public sealed class CallClaimsTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private static readonly IdempotencyTicket s_ticket = new("hash", "print");
    private static readonly PartitionMap s_map = new(16);
    private static long s_accounts;

    private readonly long _account = Interlocked.Increment(ref s_accounts);

    private CallClaims Claims => new(redis.Connection, s_map);

    [Fact]
    public async Task Claim_OfTheFirst_KeepsOthersOutUntilItIsDone()
    {
        var first = await ClaimAsync("a");
        Assert.Equal((ClaimStatus.Claimed, null), (first.Status, first.First));
        Assert.Equal((ClaimStatus.InProgress, new FirstCall("a", null)), StatusOf(await ClaimAsync("b")));
        Assert.Equal(ClaimStatus.Mismatch, (await ClaimAsync("c", s_ticket with { Fingerprint = "other" })).Status);
        Assert.InRange(await LifeAsync(), 1, 60_000);

        Assert.True(await Claims.CompleteAsync(first.Claim!, 7, 93));
        Assert.Equal((ClaimStatus.Done, new FirstCall("a", 7, 93)), StatusOf(await ClaimAsync("d")));
        Assert.Equal(ClaimStatus.Mismatch, (await ClaimAsync("e", s_ticket with { Fingerprint = "other" })).Status);
        Assert.InRange(await LifeAsync(), 86_300_000, 86_400_000);
    }

    [Fact]
    public async Task Claim_OfAFreeCall_IsDoneWithoutABalance()
    {
        var first = await ClaimAsync("a");
        Assert.True(await Claims.CompleteAsync(first.Claim!, 0, null));
        Assert.Equal((ClaimStatus.Done, new FirstCall("a", 0)), StatusOf(await ClaimAsync("b")));
    }

    [Fact]
    public async Task Claim_ThatIsDropped_FreesTheKey()
    {
        var first = await ClaimAsync("a");
        Assert.True(await Claims.DropAsync(first.Claim!));
        Assert.Equal(ClaimStatus.Claimed, (await ClaimAsync("b", s_ticket with { Fingerprint = "other" })).Status);
    }

    [Fact]
    public async Task Claim_OfAnotherScopeOrAccount_IsAnother()
    {
        await ClaimAsync("a");
        Assert.Equal(ClaimStatus.Claimed, (await Claims.ClaimAsync(_account, "free", s_ticket, "b", TimeSpan.FromMinutes(1))).Status);
        Assert.Equal(
            ClaimStatus.Claimed, (await Claims.ClaimAsync(_account + 1_000, "test", s_ticket, "c", TimeSpan.FromMinutes(1))).Status);
    }

    /// <summary>A gateway that was frozen for longer than the claim lives, and thaws.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Claim_ThatHasRunOut_EndsNobodyElses(bool completes)
    {
        var late = (await ClaimAsync("a")).Claim!;
        await redis.Connection.ExecuteAsync("DEL", TestName);
        Assert.False(completes ? await Claims.CompleteAsync(late, 7, 93) : await Claims.DropAsync(late));
        Assert.Equal(ClaimStatus.Claimed, (await ClaimAsync("b")).Status);
        Assert.False(completes ? await Claims.CompleteAsync(late, 7, 93) : await Claims.DropAsync(late));
        Assert.Equal((ClaimStatus.InProgress, new FirstCall("b", null)), StatusOf(await ClaimAsync("c")));
    }

    [Fact]
    public async Task Deliveries_ThatComeTwice_ChangeNothingMore()
    {
        var claim = (await ClaimAsync("a")).Claim!;
        Assert.Equal(ClaimStatus.Claimed, (await ClaimAsync("a")).Status);
        Assert.True(await Claims.CompleteAsync(claim, 7, 93));
        Assert.True(await Claims.CompleteAsync(claim, 7, 93));
    }

    [Fact]
    public async Task Claims_MoreThanMayBeUnderWay_AreRefusedUntilOneEnds()
    {
        var claims = new CallClaims(redis.Connection, s_map, mostUnderWay: 2);
        var first = await ClaimAsync(claims, "one");
        await ClaimAsync(claims, "two");
        Assert.Equal(ClaimStatus.TooMany, (await ClaimAsync(claims, "three")).Status);
        Assert.Equal(ClaimStatus.Claimed, (await ClaimAsync(claims, "two")).Status);
        Assert.Equal(ClaimStatus.InProgress, (await ClaimAsync(claims, "two", "another")).Status);

        Assert.True(await claims.DropAsync(first.Claim!));
        var third = await ClaimAsync(claims, "three");
        Assert.Equal(ClaimStatus.TooMany, (await ClaimAsync(claims, "four")).Status);
        Assert.True(await claims.CompleteAsync(third.Claim!, 0, null));
        Assert.Equal(ClaimStatus.Claimed, (await ClaimAsync(claims, "four")).Status);

        // One of them ran out, for its gateway died.
        RedisKey open = PartitionMap.Claims(s_map.Of(_account), _account, areDone: false);
        await redis.Connection.ExecuteAsync("ZADD", open, 1, Name("two").ToString());
        Assert.Equal(ClaimStatus.Claimed, (await ClaimAsync(claims, "five")).Status);
    }

    [Fact]
    public async Task Claims_MoreThanAreRemembered_ForgetTheOldest()
    {
        var claims = new CallClaims(redis.Connection, s_map, mostDone: 2);
        foreach (var hash in new[] { "one", "two", "three" })
        {
            Assert.True(await claims.CompleteAsync((await ClaimAsync(claims, hash)).Claim!, 0, null));
            await PassAsync();
        }

        Assert.Equal(ClaimStatus.Done, (await ClaimAsync(claims, "two", "again")).Status);
        Assert.Equal(ClaimStatus.Done, (await ClaimAsync(claims, "three", "again")).Status);
        Assert.Equal(ClaimStatus.Claimed, (await ClaimAsync(claims, "one", "again")).Status);
    }

    /// <summary>A name that has ended may be another call's by now, which was charged.</summary>
    [Fact]
    public async Task Claim_ThatHasEnded_IsForgottenWithoutTheRecordOfAnother()
    {
        var claims = new CallClaims(redis.Connection, s_map, mostDone: 1);
        var partition = s_map.Of(_account);
        RedisKey charged = PartitionMap.IdempotencyRecord(partition, _account, "charged");
        RedisKey done = PartitionMap.Claims(partition, _account, areDone: true);
        await redis.Connection.ExecuteAsync("SET", charged, "c|print|paid|7|93");
        await redis.Connection.ExecuteAsync("ZADD", done, 1, charged.ToString());

        Assert.True(await claims.CompleteAsync((await ClaimAsync(claims, "one")).Claim!, 0, null));

        Assert.Equal("c|print|paid|7|93", (string?)(await redis.Connection.ExecuteAsync("GET", charged)).Result);
        Assert.Equal(1, (long)(await redis.Connection.ExecuteAsync("ZCARD", done)).Result!);
        Assert.Equal(ClaimStatus.Done, (await ClaimAsync(claims, "one", "again")).Status);
    }

    /// <summary>The claim was sent twice, for an answer was lost: one of them may arrive when the call has come to nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Claim_ThatArrivesAfterItsEnd_BindsNobody(bool hasRun)
    {
        var claim = hasRun ? (await ClaimAsync("a")).Claim! : new CallClaim(_account, "test", s_ticket, "a");
        Assert.True(await Claims.DropAsync(claim with { MayComeAgain = true }));
        Assert.Equal(ClaimStatus.Unavailable, (await ClaimAsync("a")).Status);
        Assert.Equal(ClaimStatus.Claimed, (await ClaimAsync("b")).Status);
        Assert.Equal(ClaimStatus.InProgress, (await ClaimAsync("a")).Status);
    }

    [Fact]
    public async Task Claim_WhileRedisIsAway_IsUnavailable()
    {
        await using var away = new RedisConnection(
            "127.0.0.1:1,connectTimeout=100", TimeProvider.System, NullLogger<RedisConnection>.Instance);
        var claims = new CallClaims(away, s_map);
        Assert.Equal(ClaimStatus.Unavailable, (await claims.ClaimAsync(1, "test", s_ticket, "a", TimeSpan.FromMinutes(1))).Status);
        Assert.False(await claims.DropAsync(new CallClaim(1, "test", s_ticket, "a")));
    }

    private Task<ClaimReply> ClaimAsync(CallClaims claims, string hash, string? request = null) =>
        claims.ClaimAsync(_account, null, s_ticket with { Hash = hash }, request ?? hash, TimeSpan.FromMinutes(1));

    private RedisKey Name(string hash) => PartitionMap.IdempotencyRecord(s_map.Of(_account), _account, hash);

    /// <summary>Until the clock of Redis, by which the oldest is told, shows another millisecond.</summary>
    private async Task PassAsync()
    {
        var before = await MillisecondAsync();
        while (await MillisecondAsync() == before)
        {
        }

        async Task<long> MillisecondAsync()
        {
            var time = (RedisValue[])(await redis.Connection.ExecuteAsync("TIME")).Result!;
            return ((long)time[0] * 1_000) + ((long)time[1] / 1_000);
        }
    }

    private RedisKey TestName => PartitionMap.Claim(s_map.Of(_account), _account, "test", s_ticket.Hash);

    private Task<ClaimReply> ClaimAsync(string request, IdempotencyTicket? ticket = null) =>
        Claims.ClaimAsync(_account, "test", ticket ?? s_ticket, request, TimeSpan.FromMinutes(1));

    private async Task<long> LifeAsync() => (long)(await redis.Connection.ExecuteAsync("PTTL", TestName)).Result!;

    private static (ClaimStatus Status, FirstCall? First) StatusOf(ClaimReply reply) => (reply.Status, reply.First);
}
