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
        await redis.Connection.ExecuteAsync("DEL", Name);
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
    public async Task Claim_WhileRedisIsAway_IsUnavailable()
    {
        await using var away = new RedisConnection(
            "127.0.0.1:1,connectTimeout=100", TimeProvider.System, NullLogger<RedisConnection>.Instance);
        var claims = new CallClaims(away, s_map);
        Assert.Equal(ClaimStatus.Unavailable, (await claims.ClaimAsync(1, "test", s_ticket, "a", TimeSpan.FromMinutes(1))).Status);
        Assert.False(await claims.DropAsync(new CallClaim(1, "test", s_ticket, "a")));
    }

    private RedisKey Name => PartitionMap.Claim(s_map.Of(_account), _account, "test", s_ticket.Hash);

    private Task<ClaimReply> ClaimAsync(string request, IdempotencyTicket? ticket = null) =>
        Claims.ClaimAsync(_account, "test", ticket ?? s_ticket, request, TimeSpan.FromMinutes(1));

    private async Task<long> LifeAsync() => (long)(await redis.Connection.ExecuteAsync("PTTL", Name)).Result!;

    private static (ClaimStatus Status, FirstCall? First) StatusOf(ClaimReply reply) => (reply.Status, reply.First);
}
