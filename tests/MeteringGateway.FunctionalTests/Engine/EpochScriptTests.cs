using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>
/// A recovery forgets every account and key by opening a new epoch: what was loaded before is nobody's until it is loaded again.
/// </summary>
public sealed class EpochScriptTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    [Fact]
    public async Task Scripts_AfterANewEpoch_FindNothingLoadedAndWriteNothing()
    {
        var bench = await Loaded();
        var (_, reserved) = await bench.ReserveAsync("held", 10);
        await bench.RaiseEpochAsync();
        var before = await bench.DumpAsync();

        Assert.Equal(ScriptAnswer.NotLoaded, (long)(await bench.ReserveAsync("r", 1)).Status);
        Assert.Equal(ScriptAnswer.NotLoaded, (long)(await bench.CommitAsync("held", 10, reserved.Windows)).Status);
        Assert.Equal(ScriptAnswer.NotLoaded, await bench.ReleaseAsync("held"));
        Assert.Equal(ScriptAnswer.NotLoaded, await bench.TombstoneAsync("held"));
        Assert.Equal(ScriptAnswer.NotLoaded, (await bench.CreditAsync("c", 1)).Code);
        Assert.Equal(ScriptAnswer.NotLoaded, await bench.ReverseAsync("held", 10, reserved.Windows));
        Assert.Equal(ScriptAnswer.NotLoaded, (await bench.SumHoldsAsync())[0]);
        Assert.Equal(ScriptAnswer.NotLoaded, await bench.ConfigureKeyAsync(2));
        Assert.Equal(before, await bench.DumpAsync());
    }

    [Fact]
    public async Task Load_UnderANewEpoch_TakesTheBooksWordAndTheHoldsThatAreLeft()
    {
        var bench = await Loaded();
        await bench.ReserveAsync("gone", 20);
        await bench.ReserveAsync("held", 10);
        await bench.ReleaseAsync("gone");
        await bench.RaiseEpochAsync();
        await bench.LoadAccountAsync(70);
        await bench.LoadKeyAsync(@fixed: 50);
        var snapshot = await bench.InspectAsync();
        Assert.Equal(
            (70, 10, 50, 10), (snapshot.Balance, snapshot.Held, snapshot.LimitOf(Period.Fixed).Limit, snapshot.LimitOf(Period.Fixed).Held));

        // A late caller with what the ledger said before changes nothing.
        await bench.LoadAccountAsync(999);
        Assert.Equal(70, (await bench.InspectAsync()).Balance);
    }

    [Fact]
    public async Task Key_OfAnEpochBefore_IsNotLoadedThoughItsAccountIs()
    {
        var bench = await Loaded();
        await bench.RaiseEpochAsync();
        await bench.LoadAccountAsync(70);
        Assert.Equal(ScriptAnswer.NotLoaded, (long)(await bench.ReserveAsync("r", 1)).Status);
    }

    private async Task<ScriptBench> Loaded()
    {
        var bench = await redis.OpenAsync();
        await bench.LoadAccountAsync(100);
        await bench.LoadKeyAsync(@fixed: 100);
        return bench;
    }
}
