using MeteringGateway.Engine.Calls;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>Sends whose answer was lost and that arrive after all: minutes later, in any order, after the call was given up.</summary>
public sealed class LateSendTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    [Fact]
    public async Task FirstSend_ArrivingAfterTheSecond_ChargesNothing()
    {
        var bench = await Loaded();
        var (_, reserved) = await bench.ReserveAsync("r", 10);
        Assert.Equal(CommitStatus.Committed, (await bench.CommitAsync("r", 10, reserved.Windows, again: true)).Status);
        var before = await bench.DumpAsync();
        Assert.Equal(CommitStatus.Resolved, (await bench.CommitAsync("r", 10, reserved.Windows)).Status);
        Assert.Equal(before, await bench.DumpAsync());
    }

    [Fact]
    public async Task LateCommit_ArrivingTwice_ChargesOnce()
    {
        var bench = await Loaded();
        var (_, reserved) = await bench.ReserveAsync("r", 10, lifetime: 0);
        await bench.ReleaseAsync("r", expiredOnly: true);
        Assert.Equal(CommitStatus.Committed, (await bench.CommitAsync("r", 10, reserved.Windows)).Status);
        Assert.Equal(CommitStatus.Resolved, (await bench.CommitAsync("r", 10, reserved.Windows)).Status);
        Assert.Single(await bench.OutboxAsync());
    }

    [Fact]
    public async Task ReserveAndCommit_ArrivingTwice_ChargeOnce()
    {
        var bench = await Loaded();
        var (_, reserved) = await bench.ReserveAsync("r", 10);
        await bench.CommitAsync("r", 10, reserved.Windows, again: true);
        await bench.ReserveAsync("r", 10);
        Assert.Equal(CommitStatus.Resolved, (await bench.CommitAsync("r", 10, reserved.Windows)).Status);
        Assert.Single(await bench.OutboxAsync());
    }

    [Fact]
    public async Task Tombstone_OfAHold_FreesItAndStopsEverySendOfItsCommit()
    {
        var bench = await Loaded();
        var (_, reserved) = await bench.ReserveAsync("r", 10);
        Assert.Equal(1, await bench.TombstoneAsync("r"));
        Assert.Equal(2, await bench.TombstoneAsync("r"));
        Assert.Equal(CommitStatus.Resolved, (await bench.CommitAsync("r", 10, reserved.Windows)).Status);
        Assert.Equal(CommitStatus.Resolved, (await bench.CommitAsync("r", 10, reserved.Windows, again: true)).Status);
        Assert.Empty(await bench.OutboxAsync());
        Assert.Equal([100L, 0, 0], (await bench.SumHoldsAsync()).Skip(2));
    }

    [Fact]
    public async Task Tombstone_AfterTheCommit_SaysThatThereIsNoHold()
    {
        var bench = await Loaded();
        var (_, reserved) = await bench.ReserveAsync("r", 10);
        await bench.CommitAsync("r", 10, reserved.Windows);
        Assert.Equal(2, await bench.TombstoneAsync("r"));
        Assert.Single(await bench.OutboxAsync());
    }

    [Theory]
    [InlineData("commit")]
    [InlineData("expiry")]
    [InlineData("tombstone")]
    public async Task Endings_RacingWithACommit_AThousandTimes_LetOneWin(string rival)
    {
        var bench = await Loaded(1_000_000);
        var charged = 0L;
        for (var i = 0; i < 1_000; i++)
        {
            var id = $"r{i}";
            var (_, reserved) = await bench.ReserveAsync(id, 7, lifetime: 0);
            Task<bool> Commit() => CommittedAsync(bench.CommitAsync(id, 7, reserved.Windows, again: true));
            Task<bool> Rival() => rival switch
            {
                "commit" => Commit(),
                "expiry" => IsOneAsync(bench.ReleaseAsync(id, expiredOnly: true)),
                _ => IsOneAsync(bench.TombstoneAsync(id)),
            };
            var (first, second) = i % 2 == 0 ? (Commit(), Rival()) : (Rival(), Commit());
            var outcomes = await Task.WhenAll(first, second);
            Assert.Equal(1, outcomes.Count(won => won));
            charged += rival == "commit" || outcomes[i % 2] ? 7 : 0;
        }

        Assert.Equal([1_000_000 - charged, 0L, 0L], (await bench.SumHoldsAsync()).Skip(2));
        Assert.Equal(-charged, (await bench.OutboxAsync()).Sum(entry => entry.CreditsDelta));
    }

    private static async Task<bool> CommittedAsync(Task<(CommitStatus Status, BalanceSnapshot Snapshot)> commit) =>
        (await commit).Status == CommitStatus.Committed;

    private static async Task<bool> IsOneAsync(Task<long> ending) => await ending == 1;

    private async Task<ScriptBench> Loaded(long balance = 100)
    {
        var bench = await redis.OpenAsync();
        await bench.LoadAccountAsync(balance);
        await bench.LoadKeyAsync();
        return bench;
    }
}
