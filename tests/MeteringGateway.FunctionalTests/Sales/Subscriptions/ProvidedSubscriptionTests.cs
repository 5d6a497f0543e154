using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.FunctionalTests.Sales.Reversals;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Subscriptions;

namespace MeteringGateway.FunctionalTests.Sales.Subscriptions;

/// <summary>Subscriptions that the provider charges by itself, where something went another way than usual.</summary>
public sealed class ProvidedSubscriptionTests
{
    private static readonly CheckoutTerms s_terms = new("stripe", "https://shop.example/ok", "https://shop.example/no", "http://gateway");

    [Fact]
    public async Task Year_ThatIsRefunded_TakesItsMonthsBackAndHandsOutNoMore()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, says, subscription, _) = await SubscribeAsync(bench, SubscriptionRow.Yearly);
        await StripeSays.DeliverAsync(bench, says.Invoice(subscription, 0, cents: 9990));
        await StripeSays.DeliverAsync(bench, says.InvoicePayment(0));
        bench.Clock.Step(TimeSpan.FromDays(62));
        await bench.Get<SubscriptionRenewal>().RenewAsync(default);
        Assert.Equal(30_000, bench.Engine.BalanceOf(account));
        bench.Engine.Spend(account, 4_000);

        await StripeSays.DeliverAsync(bench, says.MonthRefund(0));
        Assert.Equal((0, 4_000), (bench.Engine.BalanceOf(account), await OwedAsync(bench, account)));
        bench.Clock.Step(TimeSpan.FromDays(31));
        await bench.Get<SubscriptionRenewal>().RenewAsync(default);
        Assert.Equal((0, 4_000), (bench.Engine.BalanceOf(account), await OwedAsync(bench, account)));

        // The refund failed after all: everything is back, and the month that was held back comes.
        await StripeSays.DeliverAsync(bench, says.MonthRefund(0, "failed"));
        await bench.Get<SubscriptionRenewal>().RenewAsync(default);
        Assert.Equal((36_000, 0), (bench.Engine.BalanceOf(account), await OwedAsync(bench, account)));
    }

    [Fact]
    public async Task Month_ThatWasTriedHereInVain_IsStillTheProvidersToPay()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, says, subscription, order) = await SubscribeAsync(bench, SubscriptionRow.Monthly);
        await StripeSays.DeliverAsync(bench, says.Invoice(subscription, 0));
        await bench.ScalarAsync<long>(
            """
            insert into orders (account_id, kind, status, credits, price_cents, currency, description, subscription_id, period, channel,
              retry_at, created_at, settled_at)
            select account_id, kind, 'declined', credits, price_cents, currency, description, subscription_id, 1, channel, now(), now(), now()
            from orders where id = @order
            returning id
            """,
            new { order });

        await StripeSays.DeliverAsync(bench, says.Invoice(subscription, 1));

        Assert.Equal(20_000, bench.Engine.BalanceOf(account));
        Assert.Empty(bench.Errors.Lines);
    }

    [Fact]
    public async Task Payment_ThatASweeperNotedFirst_StillSaysWhoseItIs()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, says, subscription, order) = await SubscribeAsync(bench, SubscriptionRow.Monthly);
        var row = await bench.OrderAsync(order);
        var paid = await bench.Get<OrderStore>().SettleAsync(row, OrderStatus.Paid, new OrderFacts("in_0_" + says.Tag), default);
        await bench.Get<OrderFlow>().FulfilAsync(paid, default);

        await StripeSays.DeliverAsync(bench, says.Invoice(subscription, 0));

        var current = (await bench.Get<SubscriptionStore>().FindCurrentAsync(account, default))!;
        Assert.Equal((says.Subscription, 999L, StripeSays.EndOf(0)), (current.ProviderId, current.PriceCents, current.CurrentPeriodEnd));
        Assert.Equal(10_000, bench.Engine.BalanceOf(account));
    }

    [Fact]
    public async Task Subscription_ThatIsOverThere_CantBeTakenBackAndBeginsAnew()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, says, subscription, _) = await SubscribeAsync(bench, SubscriptionRow.Monthly);
        await StripeSays.DeliverAsync(bench, says.Invoice(subscription, 0));
        await StripeSays.DeliverAsync(bench, says.State(subscription, "canceled", 5, "deleted"));

        // What is said late of before changes nothing.
        await StripeSays.DeliverAsync(bench, says.State(subscription, "active", 9));
        var current = (await bench.Get<SubscriptionStore>().FindCurrentAsync(account, default))!;
        Assert.Equal(("active", true), (current.Status, current.CancelAtPeriodEnd));

        var again = await bench.Checkout.SubscribeAsync(account, current.PlanId, SubscriptionRow.Monthly, s_terms, default);
        Assert.Equal(OrderOutcome.Pending, again.Outcome);
        Assert.NotEqual(current.Id, again.Order!.SubscriptionId);
    }

    [Fact]
    public async Task Subscription_ThatNeverPaid_LeavesItsPlaceToTheOneThatDoes()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, says, subscription, _) = await SubscribeAsync(bench, SubscriptionRow.Monthly);
        await StripeSays.DeliverAsync(bench, says.State(subscription, "incomplete", 1, "created"));
        await StripeSays.DeliverAsync(bench, says.State(subscription, "incomplete_expired", 2));

        var second = says with { Tag = "second" };
        await StripeSays.DeliverAsync(bench, second.Invoice(subscription, 0));

        var current = (await bench.Get<SubscriptionStore>().FindCurrentAsync(account, default))!;
        Assert.Equal((10_000, "active", second.Subscription), (bench.Engine.BalanceOf(account), current.Status, current.ProviderId));
    }

    private static async Task<(long Account, StripeSays Says, string Subscription, long Order)> SubscribeAsync(
        MoneyBench bench, string billing)
    {
        PlanRow plan = await bench.AddPlanAsync();
        var account = await bench.AddAccountAsync();
        var order = (await bench.Checkout.SubscribeAsync(account, plan.Id, billing, s_terms, default)).Order!;
        return (account, new StripeSays("first", order.Reference), $"subscription:{order.SubscriptionId}", order.Id);
    }

    private static Task<long> OwedAsync(MoneyBench bench, long account) => bench.ScalarAsync<long>(
        "select coalesce(sum(open), 0)::bigint from debts where account_id = @account", new { account });
}
