using Dapper;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Accounts.People;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Testing;
using Npgsql;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Extension;

/// <summary>The hold of a call that goes on: extended, lost, and what a commit makes of it afterwards.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class HoldExtensionTests(PeopleGateway gateway) : IAsyncLifetime
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private static readonly IdempotencyTicket s_ticket = new(new string('a', 64), "print");

    private long _account;
    private long _key;
    private ConnectionMultiplexer? _redis;

    private CallCredits Calls => gateway.Get<CallCredits>();

    private HoldExtension Extension => gateway.Get<HoldExtension>();

    private RedisKey Holds => PartitionMap.Holds(gateway.Get<Partitions>().Map.Of(_account));

    public async Task InitializeAsync()
    {
        _account = await gateway.Client.CreateAccountAsync(100);
        await gateway.Client.CreateKeyAsync(_account);
        await using var books = new NpgsqlConnection(gateway.Stores.PostgresConnection);
        _key = await books.QuerySingleAsync<long>("select id from keys where account_id = @_account", new { _account });
        _redis = await ConnectionMultiplexer.ConnectAsync(gateway.Stores.RedisConnection);
    }

    public async Task DisposeAsync() => await _redis!.DisposeAsync();

    [Fact]
    public async Task Hold_ThatIsExtended_HasALaterDeadlineThatItsOwnerKnows()
    {
        var hold = await HoldAsync(TimeSpan.FromSeconds(10));
        var extended = (await Extension.ExtendAsync(hold, s_minute))!;
        Assert.True(extended.Deadline >= hold.Deadline + (40 * TimeProvider.System.TimestampFrequency));
        Assert.InRange(await DeadlineAsync(extended) - extended.RedisDeadline, 0, 5_000);
        Assert.InRange(extended.RedisDeadline - hold.RedisDeadline, 40_000, 60_000);

        // A shorter life takes nothing back.
        var shorter = (await Extension.ExtendAsync(extended, TimeSpan.FromSeconds(1)))!;
        Assert.Equal((extended.Deadline, await DeadlineAsync(extended)), (shorter.Deadline, await DeadlineAsync(shorter)));
        await Calls.ReleaseAsync(shorter);
    }

    /// <summary>Ten times what it was made for, kept by extensions alone; the charge is one, at a price below the hold.</summary>
    [Fact]
    public async Task Commit_AfterExtensions_ChargesOnceAndGivesTheRestBack()
    {
        var hold = await HoldAsync(TimeSpan.FromSeconds(10));
        for (var i = 0; i < 10; i++)
        {
            hold = (await Extension.ExtendAsync(hold, s_minute))!;
        }

        await AssertChargedOnceAsync(hold);
    }

    /// <summary>
    /// Redis has extended the hold and the answer is lost: the owner goes by the deadline that it knows, the hold in Redis lives longer.
    /// </summary>
    [Fact]
    public async Task Commit_AfterAnExtensionWhoseAnswerWasLost_ChargesOnce()
    {
        var hold = await HoldAsync(TimeSpan.FromSeconds(10));
        await Extension.ExtendAsync(hold, s_minute);
        await AssertChargedOnceAsync(hold);
    }

    /// <summary>The extension never reached Redis, and the hold expired: what is free is charged, once.</summary>
    [Fact]
    public async Task Commit_AfterALostExtension_IsALateCommit()
    {
        var hold = await HoldAsync(TimeSpan.FromMilliseconds(1));
        await GoneAsync(hold);
        Assert.Null(await Extension.ExtendAsync(hold with { Deadline = long.MaxValue }, s_minute));
        await AssertChargedOnceAsync(hold);
    }

    [Fact]
    public async Task Commit_AfterALostExtension_IsNotCollectedWhereTheCreditsWereSpent()
    {
        var hold = await HoldAsync(TimeSpan.FromMilliseconds(1), 60);
        await GoneAsync(hold);
        var other = await HoldAsync(s_minute, 60);
        Assert.Equal(CommitStatus.Committed, (await Calls.CommitAsync(other, 60, Entry(other))).Status);
        Assert.Equal(CommitStatus.Uncollected, (await Calls.CommitAsync(hold, 60, Entry(hold))).Status);
        Assert.Equal([100, -60], (await gateway.Books.AwaitEntriesAsync(_account, 2)).Select(entry => entry.CreditsDelta));
    }

    [Fact]
    public async Task Extension_OfAHoldPastItsDeadline_IsNotSent()
    {
        var hold = await HoldAsync(s_minute);
        var before = await DeadlineAsync(hold);
        Assert.Null(await Extension.ExtendAsync(hold with { Deadline = 0 }, TimeSpan.FromHours(1)));
        Assert.Equal(before, await DeadlineAsync(hold));
        await Calls.ReleaseAsync(hold);
    }

    /// <summary>A repeat during a stream is told that the first is under way, past the life that the hold was made with.</summary>
    [Fact]
    public async Task Key_OfACallThatIsExtended_StaysBound()
    {
        var hold = await HoldAsync(TimeSpan.FromSeconds(10), ticket: s_ticket);
        hold = (await Extension.ExtendAsync(hold, s_minute))!;
        Assert.Equal(ReserveStatus.IdempotencyInProgress, (await ReserveAsync(s_minute, 5, s_ticket)).Status);
        Assert.Equal(CommitStatus.Committed, (await Calls.CommitAsync(hold, 5, Entry(hold))).Status);
        Assert.Equal(ReserveStatus.IdempotencyCharged, (await ReserveAsync(s_minute, 5, s_ticket)).Status);
    }

    private async Task AssertChargedOnceAsync(Hold hold)
    {
        var committed = await Calls.CommitAsync(hold, 7, Entry(hold));
        Assert.Equal((CommitStatus.Committed, 93, 0), (committed.Status, committed.Snapshot.Balance, committed.Snapshot.Held));
        Assert.Equal([100, -7], (await gateway.Books.AwaitEntriesAsync(_account, 2)).Select(entry => entry.CreditsDelta));
        Assert.True((await _redis!.GetDatabase().HashGetAsync(Holds, hold.Id)).IsNull);
    }

    private static EntryTail Entry(Hold hold) => new(hold.Reservation.RequestId, "usage");

    private async Task<Hold> HoldAsync(TimeSpan lifetime, long amount = 10, IdempotencyTicket? ticket = null) =>
        (await ReserveAsync(lifetime, amount, ticket)).Hold!;

    private Task<ReserveReply> ReserveAsync(TimeSpan lifetime, long amount, IdempotencyTicket? ticket) => Calls.ReserveAsync(
        new Reservation(Guid.NewGuid().ToString("N"), _account, _key, 1, "search", amount, lifetime, ticket), default);

    private async Task<long> DeadlineAsync(Hold hold) =>
        PackedHold.TryParse((string)(await _redis!.GetDatabase().HashGetAsync(Holds, hold.Id))!, out var packed) ? packed.Deadline : 0;

    /// <summary>The gateway gives it back within a second.</summary>
    private Task GoneAsync(Hold hold) => Eventually.TrueAsync(
        async () => !await _redis!.GetDatabase().HashExistsAsync(Holds, hold.Id), () => "the hold does not expire");
}
