using MeteringGateway.FunctionalTests.Orders;
using MeteringGateway.Orders;
using MeteringGateway.Payments.Sandbox;
using MeteringGateway.Subscriptions;

namespace MeteringGateway.FunctionalTests.Subscriptions;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task Subscribe_OnThePage_StartsWhenPaidAndRenewsEachMonthOnce()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, plan) = (await bench.AddAccountAsync(), await bench.AddPlanAsync());
        var reply = await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Monthly, Terms(), default);
        Assert.Equal((OrderOutcome.Pending, 0), (reply.Outcome, bench.Engine.BalanceOf(account)));
        Assert.StartsWith("http://gateway/payment/sandbox/sandbox_", reply.Order!.PaymentUrl, StringComparison.Ordinal);
        await PayAsync(bench, reply.Order);
        Assert.Equal(10_000, bench.Engine.BalanceOf(account));
        Assert.Equal("subscription", bench.Engine.Entries[0].Type);

        // From the 31st of January: the 28th of February, and the 31st of March again.
        foreach (var (before, due, balance) in new[] { ("2026-02-28T11:59:59Z", "2026-02-28T12:00:00Z", 20_000), ("2026-03-31T11:59:59Z", "2026-03-31T12:00:00Z", 30_000) })
        {
            bench.Clock.Set(before);
            await bench.Get<SubscriptionRenewal>().RenewAsync(default);
            Assert.Equal(balance - 10_000, bench.Engine.BalanceOf(account));
            bench.Clock.Set(due);
            await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => bench.Get<SubscriptionRenewal>().RenewAsync(default)));
            Assert.Equal(balance, bench.Engine.BalanceOf(account));
        }

        Assert.Equal(OrderOutcome.AlreadySubscribed, (await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Monthly, Terms(), default)).Outcome);
        Assert.True(await bench.Get<SubscriptionStore>().CancelAsync(account, default));
        bench.Clock.Step(TimeSpan.FromDays(400));
        await bench.Get<SubscriptionRenewal>().RenewAsync(default);
        Assert.Equal(30_000, bench.Engine.BalanceOf(account));
    }

    [Fact]
    public async Task Yearly_PaysOnceAYearAndCreditsMonthly()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, plan) = (await bench.AddAccountAsync(), await bench.AddPlanAsync());
        await PayAsync(bench, (await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Yearly, Terms(), default)).Order!);
        bench.Clock.Set("2027-02-01T00:00:00Z");

        await bench.Get<SubscriptionRenewal>().RenewAsync(default);

        Assert.Equal((130_000, 13), (bench.Engine.BalanceOf(account), bench.Engine.Entries.Count));
        Assert.Equal(2 * 9990, await bench.ScalarAsync<long>("select sum(amount_cents) from sandbox_payments"));
    }

    [Fact]
    public async Task Renewal_Declined_LeavesItPastDueWithoutCredits()
    {
        await using var bench = await MoneyBench.OpenAsync(mode: SandboxMode.Decline);
        var (account, plan) = (await bench.AddAccountAsync(), await bench.AddPlanAsync());
        await PayAsync(bench, (await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Monthly, Terms(SandboxMode.Pay), default)).Order!);
        bench.Clock.Set("2026-03-01T00:00:00Z");
        await bench.Get<SubscriptionRenewal>().RenewAsync(default);
        await bench.Get<SubscriptionRenewal>().RenewAsync(default);

        Assert.Equal((10_000, "past_due"), (bench.Engine.BalanceOf(account), (await bench.Get<SubscriptionStore>().FindCurrentAsync(account, default))!.Status));
    }

    [Fact]
    public async Task NewPlan_WhenPaid_TakesTheOldOnesPlace()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, one, two) = (await bench.AddAccountAsync(), await bench.AddPlanAsync(), await bench.AddPlanAsync("big"));
        await PayAsync(bench, (await bench.Checkout.SubscribeAsync(account, one.Id, SubscriptionRow.Monthly, Terms(), default)).Order!);
        var next = await bench.Checkout.SubscribeAsync(account, two.Id, SubscriptionRow.Monthly, Terms(), default);
        Assert.Equal(one.Id, (await bench.Get<SubscriptionStore>().FindCurrentAsync(account, default))!.PlanId);

        await PayAsync(bench, next.Order!);
        Assert.Equal(two.Id, (await bench.Get<SubscriptionStore>().FindCurrentAsync(account, default))!.PlanId);
        Assert.Equal(1, await bench.ScalarAsync<long>("select count(*) from subscriptions where status = 'active'"));
    }

    [Theory]
    [InlineData("creem", "monthly", null, "PlanNotSold")]
    [InlineData("creem", "monthly", "prod_1", "Pending")]
    [InlineData("stripe", "monthly", null, "Pending")]
    [InlineData("sandbox", "yearly", null, "PlanNotSold")]
    [InlineData("paypal", "monthly", null, "ChannelDisabled")]
    public async Task Channel_AndPlan_DecideWhatIsSold(string channel, string billing, string? creem, string outcome)
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, plan) = (await bench.AddAccountAsync(), await bench.AddPlanAsync(yearly: null, creem: creem));

        var reply = await bench.Checkout.SubscribeAsync(account, plan.Id, billing, Terms() with { Channel = channel }, default);

        Assert.Equal(outcome, reply.Outcome.ToString());
        Assert.Equal(OrderOutcome.UnknownPlan, (await bench.Checkout.SubscribeAsync(account, "nope", billing, Terms(), default)).Outcome);
    }

    private static CheckoutTerms Terms(string? mode = null) => new("sandbox", "https://shop.example/ok", "https://shop.example/no", "http://gateway", mode);

    private static async Task PayAsync(MoneyBench bench, OrderRow order)
    {
        await bench.Get<SandboxPaymentProvider>().AnswerAsync(order.PaymentId!, pays: true, default);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => bench.Get<OrderFlow>().ResumeAsync(order, default)));
    }
}
