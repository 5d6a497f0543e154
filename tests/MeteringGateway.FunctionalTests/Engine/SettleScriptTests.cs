using MeteringGateway.Engine.Calls;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.FunctionalTests.Engine;

public sealed class SettleScriptTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    [Theory]
    [InlineData(10, nameof(CommitStatus.Committed), 90)]
    [InlineData(1, nameof(CommitStatus.Committed), 99)]
    [InlineData(11, nameof(CommitStatus.AboveHold), 100)]
    public async Task Commit_OfAHoldOfTen_ChargesThePriceAndFreesTheRest(long price, string expected, long balance)
    {
        var bench = await Loaded();
        var (_, reserved) = await bench.ReserveAsync("r", 10);
        var (status, snapshot) = await bench.CommitAsync("r", price, reserved.Windows);
        Assert.Equal(
            (expected, balance, expected == nameof(CommitStatus.Committed) ? 0 : 10), (status.ToString(), snapshot.Balance, snapshot.Held));
        Assert.Equal(
            expected == nameof(CommitStatus.Committed) ? [-price] : [], (await bench.OutboxAsync()).Select(entry => entry.CreditsDelta));
    }

    [Fact]
    public async Task Commit_OfNothing_IsRefusedAndWritesNothing()
    {
        var bench = await Loaded();
        var (_, reserved) = await bench.ReserveAsync("r", 10);
        var before = await bench.DumpAsync();
        Assert.Equal(ScriptPartition.Malformed, (long)(await bench.CommitAsync("r", 0, reserved.Windows)).Status);
        Assert.Equal(ScriptPartition.Malformed, await bench.ReverseAsync("r", 0, reserved.Windows));
        Assert.Equal(before, await bench.DumpAsync());
    }

    [Fact]
    public async Task Commit_SentAgain_IsResolvedAndChargesOnce()
    {
        var bench = await Loaded();
        var (_, reserved) = await bench.ReserveAsync("r", 10);
        await bench.CommitAsync("r", 10, reserved.Windows);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(
                (CommitStatus.Resolved, 90),
                (await bench.CommitAsync("r", 10, reserved.Windows, again: true)) is var (status, snapshot)
                    ? (status, snapshot.Balance)
                    : default);
        }

        Assert.Single(await bench.OutboxAsync());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100)]
    public async Task Commit_AfterExpiry_ChargesOnlyWhatIsFree(long limit)
    {
        var bench = await Loaded(balance: limit < 0 ? 100 : 1_000, fixedLimit: limit);
        var (_, reserved) = await bench.ReserveAsync("late", 60, lifetime: 0);
        Assert.Equal(1, await bench.ReleaseAsync("late", expiredOnly: true));
        await bench.ReserveAsync("other", 41);
        Assert.Equal(CommitStatus.Uncollected, (await bench.CommitAsync("late", 60, reserved.Windows)).Status);
        Assert.Empty(await bench.OutboxAsync());

        // For good: another send of it, however late, and with more credits there by then.
        Assert.Equal(CommitStatus.Uncollected, (await bench.CommitAsync("late", 1, reserved.Windows)).Status);
        Assert.Equal(CommitStatus.Uncollected, (await bench.CommitAsync("late", 1, reserved.Windows, again: true)).Status);
        var (status, snapshot) = await bench.CommitAsync("later", 59, reserved.Windows);
        Assert.Equal(
            (CommitStatus.Committed, limit < 0 ? 41 : 941, 41, 59),
            (status, snapshot.Balance, snapshot.Held, snapshot.LimitOf(Period.Fixed).Spent));
    }

    [Fact]
    public async Task Commit_OfAnExpiredHoldNobodyHasReleased_IsAnOrdinaryOne()
    {
        var bench = await Loaded();
        var (_, reserved) = await bench.ReserveAsync("r", 10, lifetime: 0);
        var (status, snapshot) = await bench.CommitAsync("r", 10, reserved.Windows);
        Assert.Equal((CommitStatus.Committed, 90, 0), (status, snapshot.Balance, snapshot.Held));
    }

    [Fact]
    public async Task Release_OfAHold_GivesItBackOnce()
    {
        var bench = await Loaded();
        await bench.ReserveAsync("r", 10);
        Assert.Equal(3, await bench.ReleaseAsync("r", expiredOnly: true));
        Assert.Equal(1, await bench.ReleaseAsync("r"));
        Assert.Equal(2, await bench.ReleaseAsync("r"));
        var snapshot = await bench.InspectAsync();
        Assert.Equal((100, 0, 0), (snapshot.Balance, snapshot.Held, snapshot.LimitOf(Period.Daily).Held));
    }

    [Fact]
    public async Task Endings_RacingForOneHold_LetOneWin()
    {
        var bench = await Loaded(balance: 1_000_000);
        var charged = 0L;
        for (var i = 0; i < 1_000; i++)
        {
            var (_, reserved) = await bench.ReserveAsync($"r{i}", 7);
            var commit = bench.CommitAsync($"r{i}", 7, reserved.Windows, again: true);
            var release = bench.ReleaseAsync($"r{i}");
            var (won, released) = ((await commit).Status == CommitStatus.Committed, await release == 1);
            Assert.NotEqual(won, released);
            charged += won ? 7 : 0;
        }

        var snapshot = await bench.InspectAsync();
        Assert.Equal((1_000_000 - charged, 0), (snapshot.Balance, snapshot.Held));
    }

    [Fact]
    public async Task Reverse_OfACharge_GivesItBackToTheBalanceAndTheLimitsOnce()
    {
        var bench = await Loaded(fixedLimit: 100);
        var (_, reserved) = await bench.ReserveAsync("r", 60);
        await bench.CommitAsync("r", 60, reserved.Windows);
        Assert.Equal((1, 2), (await bench.ReverseAsync("r", 60, reserved.Windows), await bench.ReverseAsync("r", 60, reserved.Windows)));
        var snapshot = await bench.InspectAsync();
        Assert.Equal(
            (100, 0, 0, 0), (snapshot.Balance, snapshot.Held, snapshot.LimitOf(Period.Fixed).Spent, snapshot.LimitOf(Period.Daily).Spent));
        Assert.Equal(
            [(-60, 40, reserved.Windows), (60, 100, reserved.Windows)],
            (await bench.OutboxAsync()).Select(entry => (entry.CreditsDelta, entry.SeenBalance, entry.Windows!.Value)));
    }

    [Theory]
    [InlineData(-100, 1, 0)]
    [InlineData(-101, 3, 100)]
    [InlineData(1, 1, 101)]
    [InlineData(999_999_999_900, 1, 1_000_000_000_000)]
    public async Task Credit_OfADelta_KeepsTheBalanceAtOrAboveZero(long delta, long code, long balance)
    {
        var bench = await Loaded();
        Assert.Equal((code, balance), await bench.CreditAsync("c", delta));
    }

    [Fact]
    public async Task Credit_OfTheSameId_IsAppliedOnce()
    {
        var bench = await Loaded();
        Assert.Equal((1, 150), await bench.CreditAsync("c", 50));
        Assert.Equal((2, 150), await bench.CreditAsync("c", 50));
        Assert.Single(await bench.OutboxAsync());
    }

    [Fact]
    public async Task Credit_BeyondTheLargestBalance_IsRefused()
    {
        var bench = await Loaded(balance: 1_000_000_000_000_000);
        Assert.Equal((4, 1_000_000_000_000_000), await bench.CreditAsync("c", 1));
    }

    [Fact]
    public async Task Debit_ThatWasRefused_StaysSoWhenMoreIsThere()
    {
        var bench = await Loaded();
        Assert.Equal((3, 100), await bench.CreditAsync("d", -101));
        await bench.CreditAsync("top-up", 50);
        Assert.Equal((3, 150), await bench.CreditAsync("d", -101));
        Assert.Single(await bench.OutboxAsync());
    }

    [Fact]
    public async Task Debit_AskedForAnew_IsAnAttemptOfItsOwnAndTakenOnce()
    {
        var bench = await Loaded();
        Assert.Equal((3, 100), await bench.CreditAsync("d", -151));
        await bench.CreditAsync("top-up", 50);
        Assert.Equal((3, 150), await bench.CreditAsync("d", -151, attempt: 2));
        await bench.CreditAsync("another", 50);
        Assert.Equal((3, 200), await bench.CreditAsync("d", -151));
        Assert.Equal((3, 200), await bench.CreditAsync("d", -151, attempt: 2));
        Assert.Equal((1, 49), await bench.CreditAsync("d", -151, attempt: 3));

        // Sends of before that come late, and the same one again.
        Assert.Equal([(2, 49L), (2, 49), (2, 49)], [
            await bench.CreditAsync("d", -151), await bench.CreditAsync("d", -151, attempt: 2),
            await bench.CreditAsync("d", -151, attempt: 3)]);
        Assert.Equal(3, (await bench.OutboxAsync()).Count);
    }

    [Fact]
    public async Task Debit_OfWhatCallsInFlightHold_IsRefused()
    {
        var bench = await Loaded();
        await bench.ReserveAsync("r", 60);
        Assert.Equal((3, 100), await bench.CreditAsync("c", -41));
        Assert.Equal((1, 60), await bench.CreditAsync("d", -40));
    }

    private async Task<ScriptBench> Loaded(long balance = 100, long fixedLimit = -1)
    {
        var bench = await redis.OpenAsync();
        await bench.LoadAccountAsync(balance);
        await bench.LoadKeyAsync(@fixed: fixedLimit);
        return bench;
    }
}
