using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Sales.AutoRecharge;
using MeteringGateway.Sales.Payments.Sandbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MeteringGateway.FunctionalTests.Sales.AutoRecharge;

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

    [Fact]
    public async Task Fall_ThatLasts_BuysOnceAnHour()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var account = await EnabledAsync(bench, balance: 0);
        await WatchAsync(bench, 5);

        // The credits are in the ledger, yet no entry says that the balance reached the threshold.
        await bench.ScalarAsync<int>($"""
            insert into ledger_entries (entry_id, account_id, seq, credits_delta, balance_after, entry_type, occurred_at)
            values ('{bench.Engine.Entries[0].Id}', {account}, 1, 10, 10, 'purchase', now());
            update accounts set credit_balance = 10, seq = 1
            """);
        await WatchAsync(bench, 5);
        Assert.Single(bench.Engine.Entries);
        Assert.Equal("waiting", (await StateAsync(bench, account)).Name(bench.Clock.GetUtcNow()));

        bench.Clock.Step(AutoRechargeStore.PauseAfterAttempt);
        await WatchAsync(bench, 5);
        Assert.Equal(2, bench.Engine.Entries.Count);
    }

    [Fact]
    public async Task Falls_OneAfterTheOther_EndAtTheCapOfTheMonth()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var account = await EnabledAsync(bench, balance: 0);
        for (var fall = 0; fall < 6; fall++)
        {
            await WatchAsync(bench, 2);
            if (bench.Engine.Entries.Count == fall + 1)
            {
                await FlushAsync(bench, account, spend: 250);
            }
        }

        var state = await StateAsync(bench, account);
        Assert.Equal((4, 10_000, "cap_reached"), (bench.Engine.Entries.Count, state.SpentCents, state.Name(bench.Clock.GetUtcNow())));
        bench.Clock.Set("2026-02-01T00:00:00Z");
        await WatchAsync(bench, 2);
        Assert.Equal((5, 2500), (bench.Engine.Entries.Count, (await StateAsync(bench, account)).SpentCents));
    }

    [Fact]
    public async Task Refusals_ThreeInARow_TurnItOffWithANoticeUntilTheCustomerTurnsItOn()
    {
        await using var bench = await MoneyBench.OpenAsync(mode: SandboxMode.Decline);
        var account = await EnabledAsync(bench, balance: 0);
        for (var i = 0; i < 6; i++)
        {
            await WatchAsync(bench, 2);
            bench.Clock.Step(TimeSpan.FromHours(2));
        }

        Assert.Equal(3, await bench.ScalarAsync<long>("select count(*) from orders"));
        Assert.Equal("stopped", (await StateAsync(bench, account)).Name(bench.Clock.GetUtcNow()));
        Assert.Equal(
            "auto_recharge_stopped: The card was declined.",
            await bench.ScalarAsync<string>("select string_agg(type || ': ' || reason, ',') from notices"));

        // A change of something else leaves it off.
        await ChangeAsync(bench, account, current => current with { AmountCents = 5000 });
        await WatchAsync(bench, 2);
        Assert.Equal(3, await bench.ScalarAsync<long>("select count(*) from orders"));
        await ChangeAsync(bench, account, current => current with { Enabled = true });
        await WatchAsync(bench, 2);
        Assert.Equal(4, await bench.ScalarAsync<long>("select count(*) from orders"));
        Assert.Equal("waiting", (await StateAsync(bench, account)).Name(bench.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task Changes_TwoAtOnce_BothHold()
    {
        await using var bench = await MoneyBench.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            var account = await EnabledAsync(bench, balance: 1000);
            await Task.WhenAll(
                ChangeAsync(bench, account, current => current with { Enabled = false }),
                ChangeAsync(bench, account, current => current with { AmountCents = 200 }));
            var settings = await bench.Get<AutoRechargeStore>().GetAsync(account, default);
            Assert.Equal((false, 200), (settings.Enabled, settings.AmountCents));
        }
    }

    [Fact]
    public async Task Accounts_201AndMore_AreAllSeenInOneRound()
    {
        await using var bench = await MoneyBench.OpenAsync(creditUsd: 10m);

        // The first 200 look due and can't buy, for their amount is worth no credit: they stay on the list.
        await bench.ScalarAsync<int>("""
            insert into accounts (email, full_name, kind) select 'stuck' || n, 'n', 'personal' from generate_series(1, 200) n;
            insert into auto_recharge (account_id, enabled, threshold, amount_cents, updated_at) select id, true, 20, 100, now() from accounts
            """);
        var last = await EnabledAsync(bench, balance: 0);
        await WatchAsync(bench, 1);
        Assert.Equal(2, bench.Engine.BalanceOf(last));
    }

    [Fact]
    public async Task Payments_TurnedOff_LeaveNoOrder()
    {
        await using var bench = await MoneyBench.OpenAsync(more: services =>
            services.AddSingleton(Options.Create(new SandboxOptions { Enabled = false })));
        var account = await EnabledAsync(bench, balance: 0);
        await WatchAsync(bench, 2);
        Assert.Equal((0L, "payments_disabled"), (
            await bench.ScalarAsync<long>("select count(*) from orders"),
            (await StateAsync(bench, account)).Name(bench.Clock.GetUtcNow())));
    }

    private static async Task<long> EnabledAsync(MoneyBench bench, long balance, bool enabled = true)
    {
        var account = await bench.AddAccountAsync();
        await bench.ScalarAsync<int>("update accounts set credit_balance = @balance where id = @account", new { balance, account });
        Assert.True(await ChangeAsync(bench, account, current => current with { Enabled = enabled }));
        return account;
    }

    private static Task<bool> ChangeAsync(MoneyBench bench, long account, Func<AutoRechargeSettings, AutoRechargeSettings?> change) =>
        bench.Get<AutoRechargeStore>().ChangeAsync(account, change, Caller.Operator, default);

    private static async Task<AutoRechargeState> StateAsync(MoneyBench bench, long account) =>
        await bench.Get<AutoRechargeStore>().StateAsync(account, default);

    /// <summary>What the flusher does: the entries that the engine has, and the balance after them.</summary>
    private static async Task FlushAsync(MoneyBench bench, long account, long spend = 0)
    {
        var entry = bench.Engine.Entries[^1];
        var seq = await bench.ScalarAsync<long>("select seq from accounts where id = @account", new { account });
        await bench.ScalarAsync<int>($"""
            insert into ledger_entries (entry_id, account_id, seq, credits_delta, balance_after, entry_type, occurred_at)
            values ('{entry.Id}', {account}, {seq + 1}, 250, 250, 'purchase', now()),
                   ('spent-{entry.Id}', {account}, {seq + 2}, {-spend}, {250 - spend}, 'usage', now());
            update accounts set credit_balance = {250 - spend}, seq = {seq + 2} where id = {account}
            """);
    }

    private static Task WatchAsync(MoneyBench bench, int watchers) =>
        Task.WhenAll(Enumerable.Range(0, watchers).Select(_ => bench.Get<AutoRechargeWatcher>().WatchAsync(default)));
}
