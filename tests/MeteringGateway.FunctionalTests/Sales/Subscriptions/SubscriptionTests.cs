using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments.Sandbox;
using MeteringGateway.Sales.Subscriptions;

namespace MeteringGateway.FunctionalTests.Sales.Subscriptions;

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
        foreach (var (before, due, balance)
            in new[] { ("2026-02-28T11:59:59Z", "2026-02-28T12:00:00Z", 20_000), ("2026-03-31T11:59:59Z", "2026-03-31T12:00:00Z", 30_000) })
        {
            bench.Clock.Set(before);
            await bench.Get<SubscriptionRenewal>().RenewAsync(default);
            Assert.Equal(balance - 10_000, bench.Engine.BalanceOf(account));
            bench.Clock.Set(due);
            await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => bench.Get<SubscriptionRenewal>().RenewAsync(default)));
            Assert.Equal(balance, bench.Engine.BalanceOf(account));
        }

        Assert.Equal(
            OrderOutcome.AlreadySubscribed,
            (await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Monthly, Terms(), default)).Outcome);
        Assert.True(await bench.Get<SubscriptionStore>().CancelAsync(account, default));
        Assert.Equal("active", (await bench.Get<SubscriptionStore>().FindCurrentAsync(account, default))!.Status);
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
    public async Task Renewal_Declined_IsTriedAgainAfter1And3And5And7DaysAndThenEnds()
    {
        await using var bench = await MoneyBench.OpenAsync(mode: SandboxMode.Decline);
        var (account, plan) = (await bench.AddAccountAsync(), await bench.AddPlanAsync());
        await PayAsync(
            bench,
            (await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Monthly, Terms(SandboxMode.Pay), default)).Order!);
        var due = DateTimeOffset.Parse("2026-02-28T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        var tries = 0;
        foreach (var (days, status) in new[] { (0, "past_due"), (1, "past_due"), (3, "past_due"), (5, "past_due"), (7, "canceled") })
        {
            bench.Clock.Set(due.AddDays(days).AddSeconds(-1).ToString("O"));
            await RenewAsync(bench, 3);
            Assert.Equal(tries, await RenewalsAsync());
            bench.Clock.Step(TimeSpan.FromSeconds(1));
            await RenewAsync(bench, 3);
            await RenewAsync(bench, 1);
            Assert.Equal((++tries, status), (await RenewalsAsync(), (await CurrentAsync(bench, account)).Status));
            Assert.Equal(tries, await bench.ScalarAsync<long>("select count(*) from notices where type = 'subscription_payment_failed'"));
        }

        Assert.Equal(1, await bench.ScalarAsync<long>("select count(*) from notices where type = 'subscription_ended'"));
        bench.Clock.Step(TimeSpan.FromDays(100));
        await RenewAsync(bench, 1);
        Assert.Equal((tries, 10_000), (await RenewalsAsync(), bench.Engine.BalanceOf(account)));

        Task<long> RenewalsAsync() => bench.ScalarAsync<long>("select count(*) from orders where period = 1");
    }

    [Fact]
    public async Task Renewal_DeclinedAndPaidOnTheThirdDay_GoesOnFromWhereItWas()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, plan) = (await bench.AddAccountAsync(), await bench.AddPlanAsync());
        await PayAsync(bench, (await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Monthly, Terms(), default)).Order!);

        // The payment that the first order asks for is refused already: the sandbox answers by the order's reference.
        await bench.ScalarAsync<int>("insert into sandbox_payments (id, reference, amount_cents, currency, mode, status, "
            + "created_at) values ('no', 'order:2', 999, 'USD', 'decline', 'declined', now())");
        bench.Clock.Set("2026-02-28T12:00:00Z");
        await RenewAsync(bench, 1);
        Assert.Equal("past_due", (await CurrentAsync(bench, account)).Status);

        bench.Clock.Set("2026-03-01T12:00:00Z");
        await RenewAsync(bench, 5);
        var current = await CurrentAsync(bench, account);
        Assert.Equal(
            ("active", 20_000, "2026-03-31T12:00:00"),
            (current.Status, bench.Engine.BalanceOf(account), current.CurrentPeriodEnd!.Value.UtcDateTime.ToString("s")));
    }

    [Fact]
    public async Task Renewal_DeclinedAfterTheCancellation_EndsAndIsNotTriedAgain()
    {
        await using var bench = await MoneyBench.OpenAsync(mode: SandboxMode.Pending);
        var (account, plan) = (await bench.AddAccountAsync(), await bench.AddPlanAsync());
        await PayAsync(
            bench,
            (await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Monthly, Terms(SandboxMode.Pay), default)).Order!);
        bench.Clock.Set("2026-02-28T12:00:00Z");
        await RenewAsync(bench, 1);
        Assert.True(await bench.Get<SubscriptionStore>().CancelAsync(account, default));
        await bench.ScalarAsync<int>("update sandbox_payments set status = 'declined' where status = 'pending'");
        bench.Clock.Step(TimeSpan.FromMinutes(1));
        await bench.SweepAsync();

        for (var day = 0; day < 10; day++)
        {
            await RenewAsync(bench, 1);
            Assert.Equal(("canceled", 1), (
                (await CurrentAsync(bench, account)).Status,
                await bench.ScalarAsync<long>("select count(*) from orders where period = 1")));
            bench.Clock.Step(TimeSpan.FromDays(1));
        }
    }

    [Fact]
    public async Task Yearly_CanceledInTheFirstMonth_GivesTheElevenMonthsThatArePaid()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, plan) = (await bench.AddAccountAsync(), await bench.AddPlanAsync());
        await PayAsync(bench, (await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Yearly, Terms(), default)).Order!);
        Assert.True(await bench.Get<SubscriptionStore>().CancelAsync(account, default));
        Assert.True(await bench.Get<SubscriptionStore>().CancelAsync(account, default));
        Assert.Equal("2027-01-31T12:00:00", (await CurrentAsync(bench, account)).PaidUntil!.Value.UtcDateTime.ToString("s"));

        bench.Clock.Set("2027-01-31T11:59:59Z");
        await RenewAsync(bench, 5);
        Assert.Equal((120_000, "active"), (bench.Engine.BalanceOf(account), (await CurrentAsync(bench, account)).Status));
        bench.Clock.Set("2027-03-31T12:00:00Z");
        await RenewAsync(bench, 5);
        Assert.Equal((120_000, "canceled", 9990), (
            bench.Engine.BalanceOf(account), (await CurrentAsync(bench, account)).Status,
            await bench.ScalarAsync<long>("select sum(amount_cents) from sandbox_payments")));
    }

    [Fact]
    public async Task Suspension_Of125Days_ChargesOnePeriodFromNow()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, plan) = (await bench.AddAccountAsync(), await bench.AddPlanAsync());
        await PayAsync(bench, (await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Monthly, Terms(), default)).Order!);
        await bench.ScalarAsync<int>("update accounts set status = 'suspended'");
        bench.Clock.Step(TimeSpan.FromDays(125));
        await RenewAsync(bench, 1);
        Assert.Equal(10_000, bench.Engine.BalanceOf(account));

        await bench.ScalarAsync<int>("update accounts set status = 'active'");
        await RenewAsync(bench, 5);
        await RenewAsync(bench, 5);
        Assert.Equal(
            (20_000, "2026-07-05T12:00:00"),
            (bench.Engine.BalanceOf(account), (await CurrentAsync(bench, account)).CurrentPeriodEnd!.Value.UtcDateTime.ToString("s")));
    }

    [Fact]
    public async Task NewPlan_WhileOneIsPaid_TakesItsPlaceAtTheEndOfWhatIsPaid()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, one, two) = (await bench.AddAccountAsync(), await bench.AddPlanAsync(), await bench.AddPlanAsync("big"));
        await PayAsync(bench, (await bench.Checkout.SubscribeAsync(account, one.Id, SubscriptionRow.Monthly, Terms(), default)).Order!);

        // There and back and there again: nothing is paid, nothing is given.
        foreach (var plan in new[] { two, one, two })
        {
            Assert.Equal(
                OrderOutcome.Scheduled,
                (await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Yearly, Terms(), default)).Outcome);
        }

        Assert.Equal((one.Id, two.Id, 10_000), (
            (await CurrentAsync(bench, account)).PlanId, (await CurrentAsync(bench, account)).NextPlanId, bench.Engine.BalanceOf(account)));
        bench.Clock.Set("2026-02-28T12:00:00Z");
        await RenewAsync(bench, 5);
        var current = await CurrentAsync(bench, account);
        Assert.Equal((two.Id, "yearly", 20_000, 999 + 9990), (
            current.PlanId, current.Billing, bench.Engine.BalanceOf(account),
            await bench.ScalarAsync<long>("select sum(amount_cents) from sandbox_payments")));
        Assert.Equal("2027-02-28T12:00:00", current.PaidUntil!.Value.UtcDateTime.ToString("s"));
    }

    [Fact]
    public async Task TwoPages_BothPaid_LetTheOlderRunOutAndRenewTheNewer()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, one, two) = (await bench.AddAccountAsync(), await bench.AddPlanAsync(), await bench.AddPlanAsync("big"));
        var first = await bench.Checkout.SubscribeAsync(account, one.Id, SubscriptionRow.Yearly, Terms(), default);
        var second = await bench.Checkout.SubscribeAsync(account, two.Id, SubscriptionRow.Monthly, Terms(), default);
        await PayAsync(bench, first.Order!);
        await PayAsync(bench, second.Order!);
        Assert.Equal((two.Id, 20_000), ((await CurrentAsync(bench, account)).PlanId, bench.Engine.BalanceOf(account)));

        bench.Clock.Set("2027-01-31T11:00:00Z");
        await RenewAsync(bench, 1);
        Assert.Equal(12, await bench.ScalarAsync<long>("select count(*) from orders where subscription_id = 1 and status = 'fulfilled'"));
    }

    [Fact]
    public async Task FreePlan_TakenAndCanceledAndInOtherWallets_GivesItsCreditsOnceAPersonAndMonth()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (person, team, plan) = (await bench.AddAccountAsync(), await bench.AddAccountAsync(), await bench.AddPlanAsync());
        await bench.ScalarAsync<int>("update plans set price_monthly = 0");
        Assert.Equal(OrderOutcome.Fulfilled, await TakeAsync(person));
        for (var i = 0; i < 5; i++)
        {
            await bench.Get<SubscriptionStore>().CancelAsync(person, default);
            Assert.Equal(OrderOutcome.Scheduled, await TakeAsync(person));
            Assert.Equal(OrderOutcome.FreeTaken, await TakeAsync(team));
        }

        Assert.Equal((10_000, 0), (bench.Engine.BalanceOf(person), bench.Engine.BalanceOf(team)));
        bench.Clock.Set("2026-02-28T12:00:00Z");
        Assert.Equal(OrderOutcome.FreeTaken, await TakeAsync(team));
        await RenewAsync(bench, 3);
        Assert.Equal((20_000, 0), (bench.Engine.BalanceOf(person), bench.Engine.BalanceOf(team)));

        async Task<OrderOutcome> TakeAsync(long wallet) =>
            (await bench.Checkout.SubscribeAsync(
                wallet, plan.Id, SubscriptionRow.Monthly, Terms() with { PersonId = person }, default)).Outcome;
    }

    [Fact]
    public async Task ChangesToAFreePlan_InTwoWalletsOfAPerson_GiveItsCreditsInOne()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (person, team, paid, free) = (
            await bench.AddAccountAsync(), await bench.AddAccountAsync(), await bench.AddPlanAsync(), await bench.AddPlanAsync("free"));
        await bench.ScalarAsync<int>("update plans set price_monthly = 0 where slug = 'free'");
        foreach (var wallet in new[] { person, team })
        {
            await PayAsync(bench, (await SubscribeAsync(wallet, paid.Id)).Order!);
            Assert.Equal(OrderOutcome.Scheduled, (await SubscribeAsync(wallet, free.Id)).Outcome);
        }

        bench.Clock.Set("2026-02-28T12:00:00Z");
        await RenewAsync(bench, 3);
        await RenewAsync(bench, 1);
        Assert.Equal(30_000, bench.Engine.BalanceOf(person) + bench.Engine.BalanceOf(team));
        Assert.Equal(
            ["active", "canceled"], new[] { (await CurrentAsync(bench, person)).Status, (await CurrentAsync(bench, team)).Status }.Order());
        bench.Clock.Set("2026-03-31T12:00:00Z");
        await RenewAsync(bench, 3);
        Assert.Equal(40_000, bench.Engine.BalanceOf(person) + bench.Engine.BalanceOf(team));

        Task<OrderReply> SubscribeAsync(long wallet, string plan) =>
            bench.Checkout.SubscribeAsync(wallet, plan, SubscriptionRow.Monthly, Terms() with { PersonId = person }, default);
    }

    [Fact]
    public async Task FreePackage_BoughtAgainAndForATeam_IsGivenOnceAPerson()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (person, team, package) = (await bench.AddAccountAsync(), await bench.AddAccountAsync(), await bench.AddPackageAsync(cents: 0));
        var outcomes = (await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            bench.Purchases.BuyPackageAsync(i % 2 == 0 ? person : team, package.Id, null, new PurchaseTerms(PersonId: person), default))))
            .Select(reply => reply.Outcome).ToList();
        Assert.Equal(
            (1, 9),
            (outcomes.Count(outcome => outcome == OrderOutcome.Fulfilled), outcomes.Count(outcome => outcome == OrderOutcome.FreeTaken)));
        Assert.Equal(
            OrderOutcome.FreeTaken,
            (await bench.Checkout.SellPackageAsync(team, package.Id, null, Terms() with { PersonId = person }, default)).Outcome);
        Assert.Equal(250, bench.Engine.BalanceOf(person) + bench.Engine.BalanceOf(team));
    }

    [Theory]
    [InlineData("America/New_York", "2026-08-31T02:00:00Z", "2026-09-30T02:00:00", "2026-10-31T02:00:00", "2026-11-30T02:00:00")]
    [InlineData("Asia/Kolkata", "2026-10-31T20:00:00Z", "2026-11-30T20:00:00", "2026-12-31T20:00:00", "2027-01-31T20:00:00")]
    [InlineData("UTC", "2028-01-31T00:00:00Z", "2028-02-29T00:00:00", "2028-03-31T00:00:00", "2028-04-30T00:00:00")]
    public async Task Months_WhateverTheSessionsTimeZone_AreThoseOfUtc(string zone, string start, params string[] ends)
    {
        await using var bench = await MoneyBench.OpenAsync(timeZone: zone);
        bench.Clock.Set(start);
        var (account, plan) = (await bench.AddAccountAsync(), await bench.AddPlanAsync());
        await PayAsync(bench, (await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Monthly, Terms(), default)).Order!);
        foreach (var end in ends)
        {
            Assert.Equal(end, (await CurrentAsync(bench, account)).CurrentPeriodEnd!.Value.UtcDateTime.ToString("s"));
            bench.Clock.Set(end + "Z");
            await RenewAsync(bench, 1);
        }
    }

    [Fact]
    public async Task Yearly_FromThe29thOfFebruary_EndsOnThe28thAndComesBackToThe29th()
    {
        await using var bench = await MoneyBench.OpenAsync(timeZone: "America/New_York");
        bench.Clock.Set("2028-02-29T01:00:00Z");
        var (account, plan) = (await bench.AddAccountAsync(), await bench.AddPlanAsync());
        await PayAsync(bench, (await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Yearly, Terms(), default)).Order!);
        foreach (var end in new[] { "2029-02-28T01:00:00", "2030-02-28T01:00:00", "2031-02-28T01:00:00", "2032-02-29T01:00:00" })
        {
            Assert.Equal(end, (await CurrentAsync(bench, account)).PaidUntil!.Value.UtcDateTime.ToString("s"));
            bench.Clock.Set(end + "Z");
            await RenewAsync(bench, 1);
        }
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

    private static async Task<SubscriptionRow> CurrentAsync(MoneyBench bench, long account) =>
        (await bench.Get<SubscriptionStore>().FindCurrentAsync(account, default))!;

    private static Task RenewAsync(MoneyBench bench, int gateways) =>
        Task.WhenAll(Enumerable.Range(0, gateways).Select(_ => bench.Get<SubscriptionRenewal>().RenewAsync(default)));

    private static CheckoutTerms Terms(string? mode = null) =>
        new("sandbox", "https://shop.example/ok", "https://shop.example/no", "http://gateway", mode);

    private static async Task PayAsync(MoneyBench bench, OrderRow order)
    {
        await bench.Get<SandboxPaymentProvider>().AnswerAsync(order.PaymentId!, pays: true, default);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => bench.Get<OrderFlow>().ResumeAsync(order, default)));
    }
}
