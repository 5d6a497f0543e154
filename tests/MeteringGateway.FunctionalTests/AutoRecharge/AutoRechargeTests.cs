using MeteringGateway.Authentication;
using MeteringGateway.AutoRecharge;
using MeteringGateway.FunctionalTests.Orders;
using MeteringGateway.Payments.Sandbox;

namespace MeteringGateway.FunctionalTests.AutoRecharge;

public sealed class AutoRechargeTests
{
    [Fact]
    public async Task Balance_BelowThreshold_BuysOnceUntilTheBooksKnow()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var account = await EnabledAsync(bench, balance: 19);

        await WatchAsync(bench, 5);
        await WatchAsync(bench, 5);
        Assert.Equal(250, bench.Engine.BalanceOf(account));
        Assert.Equal("Auto-recharge", Assert.Single(bench.Engine.Entries).Description);

        // The flusher writes the entry: below the threshold once more, another one is due.
        await bench.ScalarAsync<int>($"""
            insert into ledger_entries (entry_id, account_id, seq, credits_delta, balance_after, entry_type, occurred_at)
            values ('{bench.Engine.Entries[0].Id}', {account}, 1, 250, 250, 'purchase', now());
            update accounts set credit_balance = 250
            """);
        await WatchAsync(bench, 5);
        Assert.Single(bench.Engine.Entries);
        await bench.ScalarAsync<int>("update accounts set credit_balance = 0");
        await WatchAsync(bench, 5);
        Assert.Equal(500, bench.Engine.BalanceOf(account));
    }

    [Theory]
    [InlineData(20, true, "active", 0)]
    [InlineData(19, false, "active", 0)]
    [InlineData(19, true, "suspended", 0)]
    [InlineData(19, true, "active", 250)]
    public async Task Watch_OnlyWhatIsLowEnabledAndActive_Buys(long balance, bool enabled, string status, long bought)
    {
        await using var bench = await MoneyBench.OpenAsync();
        var account = await EnabledAsync(bench, balance, enabled);
        await bench.ScalarAsync<int>("update accounts set status = @status", new { status });

        await WatchAsync(bench, 1);

        Assert.Equal(bought, bench.Engine.BalanceOf(account));
    }

    [Fact]
    public async Task Payment_Declined_PausesAndSaysWhy()
    {
        await using var bench = await MoneyBench.OpenAsync(mode: SandboxMode.Decline);
        var account = await EnabledAsync(bench, balance: 0);
        await WatchAsync(bench, 3);
        Assert.Equal(1, await bench.ScalarAsync<long>("select count(*) from orders"));
        Assert.Equal("The card was declined.", (await bench.Get<AutoRechargeStore>().GetAsync(account, default)).LastRefusal);

        bench.Clock.Step(TimeSpan.FromHours(1));
        await WatchAsync(bench, 3);
        Assert.Equal(2, await bench.ScalarAsync<long>("select count(*) from orders"));
    }

    [Fact]
    public async Task Payment_Pending_WaitsForIt()
    {
        await using var bench = await MoneyBench.OpenAsync(mode: SandboxMode.Pending);
        await EnabledAsync(bench, balance: 0);
        await WatchAsync(bench, 3);
        bench.Clock.Step(TimeSpan.FromHours(5));
        await WatchAsync(bench, 3);
        Assert.Equal(1, await bench.ScalarAsync<long>("select count(*) from orders"));
    }

    private static async Task<long> EnabledAsync(MoneyBench bench, long balance, bool enabled = true)
    {
        var account = await bench.AddAccountAsync();
        await bench.ScalarAsync<int>("update accounts set credit_balance = @balance", new { balance });
        var settings = new AutoRechargeSettings { Enabled = enabled, Threshold = 20, AmountCents = 2500 };
        Assert.Equal(settings, await bench.Get<AutoRechargeStore>().PutAsync(account, settings, Caller.Operator, default));
        return account;
    }

    private static Task WatchAsync(MoneyBench bench, int watchers) =>
        Task.WhenAll(Enumerable.Range(0, watchers).Select(_ => bench.Get<AutoRechargeWatcher>().WatchAsync(default)));
}
