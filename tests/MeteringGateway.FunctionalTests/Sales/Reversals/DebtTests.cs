using MeteringGateway.Accounts.Payouts;
using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Reversals;
using MeteringGateway.Sales.Subscriptions;

namespace MeteringGateway.FunctionalTests.Sales.Reversals;

/// <summary>What is refunded and spent is owed, and paid by the next purchase right after its own entry.</summary>
public sealed class DebtTests
{
    [Fact]
    public async Task Purchase_AfterARefundOfSpentCredits_PaysTheDebtFirst()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, says, _) = await BuyAsync(bench, spent: 200);
        await StripeSays.DeliverAsync(bench, says.Refund("a", 2975, "succeeded", "created"));
        Assert.Equal((0, 200), (bench.Engine.BalanceOf(account), await OwedAsync(bench, account)));

        var bought = await bench.Purchases.TopUpAsync(account, 1500, default, default);

        // The receipt shows what is left, and so does its repeat.
        Assert.Equal((OrderOutcome.Fulfilled, 0L), (bought.Outcome, bought.Order!.BalanceAfter!.Value));
        Assert.Equal(0, (await bench.OrderAsync(bought.Order.Id)).BalanceAfter);
        Assert.Equal((0, 50), (bench.Engine.BalanceOf(account), await OwedAsync(bench, account)));
        await bench.Purchases.TopUpAsync(account, 1500, default, default);
        Assert.Equal((100, 0), (bench.Engine.BalanceOf(account), await OwedAsync(bench, account)));
        Assert.Equal(
            ["order:1", "refund:re_a_1", "order:2", "debt:2", "order:3", "debt:3"], bench.Engine.Entries.Select(entry => entry.Id));
        Assert.Equal(["purchase", "refund", "purchase", "debt", "purchase", "debt"], bench.Engine.Entries.Select(entry => entry.Type));
    }

    [Fact]
    public async Task Refund_ThatFailsAfterItsDebtWasPaid_GivesBackWhatWasPaid()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, says, _) = await BuyAsync(bench, spent: 200);
        await StripeSays.DeliverAsync(bench, says.Refund("a", 2975, "succeeded", "created"));
        await bench.Purchases.TopUpAsync(account, 1500, default, default);

        await StripeSays.DeliverAsync(bench, says.Refund("a", 2975, "failed", "failed"));

        // 250 + 150 - 200 spent: as if nothing had been refunded. What was still owed was forgiven and is no entry.
        Assert.Equal((200, 0), (bench.Engine.BalanceOf(account), await OwedAsync(bench, account)));
        Assert.Equal(("reinstated:re_a_1", "reinstated"), (bench.Engine.Entries[^1].Id, bench.Engine.Entries[^1].Type));
    }

    [Fact]
    public async Task Refund_WhileRedisIsAway_IsFinishedByTheSweeperAndTakesWhatIsFreeThen()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, says, _) = await BuyAsync(bench, spent: 0);
        bench.Engine.IsAway = true;
        await StripeSays.DeliverAsync(bench, says.Refund("a", 2975, "succeeded", "created"));
        Assert.Equal(1, await bench.ScalarAsync<long>("select count(*) from reversal_movements where status = 'pending'"));
        bench.Engine.IsAway = false;
        bench.Engine.Spend(account, 240);

        bench.Clock.Step(TimeSpan.FromMinutes(1));
        await bench.Get<PayoutSweeper<MovementRow>>().SweepAsync(default);

        Assert.Equal((0, 240), (bench.Engine.BalanceOf(account), await OwedAsync(bench, account)));
    }

    [Fact]
    public async Task Refund_OfAGatewayThatDiesAfterTheDebit_IsTakenOnce()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, says, _) = await BuyAsync(bench, spent: 100);
        bench.Engine.DiesAfterTheCredit = true;
        await Assert.ThrowsAsync<TimeoutException>(() => StripeSays.DeliverAsync(bench, says.Refund("a", 2975, "succeeded", "created")));
        bench.Engine.DiesAfterTheCredit = false;
        bench.Engine.Spend(account, -70);

        bench.Clock.Step(TimeSpan.FromMinutes(1));
        await bench.Get<PayoutSweeper<MovementRow>>().SweepAsync(default);

        // It took the 150 that were free then; what came since is the account's.
        Assert.Equal((70, 100), (bench.Engine.BalanceOf(account), await OwedAsync(bench, account)));
    }

    /// <summary>As if it had never been: nothing is owed that nobody can take back any more.</summary>
    [Fact]
    public async Task Refund_ThatFailsBeforeItsCreditsMoved_LeavesNeitherADebtNorAGift()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, says, _) = await BuyAsync(bench, spent: 210);
        bench.Engine.IsAway = true;
        await StripeSays.DeliverAsync(bench, says.Refund("a", 2975, "succeeded", "created"));
        await StripeSays.DeliverAsync(bench, says.Refund("a", 2975, "failed", "failed"));
        bench.Engine.IsAway = false;

        for (var i = 0; i < 3; i++)
        {
            bench.Clock.Step(TimeSpan.FromMinutes(1));
            await bench.Get<PayoutSweeper<MovementRow>>().SweepAsync(default);
        }

        Assert.Equal((40, 0), (bench.Engine.BalanceOf(account), await OwedAsync(bench, account)));
        Assert.Equal(0, await bench.ScalarAsync<long>("select count(*) from reversal_movements where status = 'pending'"));
    }

    /// <summary>While gateways of two versions run side by side the older may get what only the newer can read.</summary>
    [Fact]
    public async Task Refund_ThatAnOlderGatewayPutAside_IsTakenWhenItIsToldAgain()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, says, _) = await BuyAsync(bench, spent: 0);
        await bench.ScalarAsync<string>(
            """
            insert into payment_events (channel, event_id, kind, outcome)
            values ('stripe', 'evt_asucceededcreated_1', 'refund.created', 'NothingToDo') returning event_id
            """);

        await StripeSays.DeliverAsync(bench, says.Refund("a", 2975, "succeeded", "created"));
        await StripeSays.DeliverAsync(bench, says.Refund("a", 2975, "succeeded", "created"));

        Assert.Equal((0, 0), (bench.Engine.BalanceOf(account), await OwedAsync(bench, account)));
    }

    [Fact]
    public async Task Refund_InAnotherCurrency_IsForAPerson()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, says, _) = await BuyAsync(bench, spent: 0);
        await StripeSays.DeliverAsync(
            bench, says.Refund("a", 2975, "succeeded", "created").Replace("\"usd\"", "\"eur\"", StringComparison.Ordinal));
        Assert.Equal(250, bench.Engine.BalanceOf(account));
        Assert.Equal("WrongAmount", await bench.ScalarAsync<string>("select outcome from payment_events where needs_person"));
    }

    [Fact]
    public async Task Refund_OfAPaymentThatNobodyKnows_IsKeptAndChangesNothing()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var account = await bench.AddAccountAsync();
        await StripeSays.DeliverAsync(bench, new StripeSays("x", "").Refund("a", 500, "succeeded", "created"));
        Assert.Equal("UnknownPayment", await bench.ScalarAsync<string>("select outcome from payment_events"));
        Assert.Equal((0, 0), (bench.Engine.BalanceOf(account), await OwedAsync(bench, account)));
        Assert.Empty(bench.Errors.Lines);
    }

    private static async Task<(long Account, StripeSays Says, long Order)> BuyAsync(MoneyBench bench, long spent)
    {
        var (account, package) = (await bench.AddAccountAsync(), await bench.AddPackageAsync());
        var terms = new CheckoutTerms("stripe", "https://shop.example/ok", "https://shop.example/no", "http://gateway");
        var order = (await bench.Checkout.SellPackageAsync(account, package.Id, null, terms, default)).Order!;
        var says = new StripeSays("1", order.Reference);
        await StripeSays.DeliverAsync(bench, says.Checkout("paid"));
        bench.Engine.Spend(account, spent);
        return (account, says, order.Id);
    }

    private static Task<long> OwedAsync(MoneyBench bench, long account) => bench.ScalarAsync<long>(
        "select coalesce(sum(open), 0)::bigint from debts where account_id = @account", new { account });
}
