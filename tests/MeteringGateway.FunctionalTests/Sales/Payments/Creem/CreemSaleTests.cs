using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.PaymentEvents;
using MeteringGateway.Sales.Subscriptions;
using MeteringGateway.Testing.Creem;

namespace MeteringGateway.FunctionalTests.Sales.Payments.Creem;

/// <summary>What Creem tells, in whatever order and however often, or not at all: paid once, credited once.</summary>
public sealed class CreemSaleTests
{
    private const string Paid = "select count(*) from orders where status = 'fulfilled'";

    [Theory]
    [InlineData(CreemSchemes.Standard)]
    [InlineData(CreemSchemes.Body)]
    [InlineData(CreemSchemes.Both)]
    public async Task Purchase_ToldThreeTimes_IsCreditedOnceAndHasAPortalThen(CreemSchemes schemes)
    {
        await using var bench = await CreemBench.OpenAsync();
        bench.Creem.Shop.TaxPercent = 19;
        var (account, package) = (await bench.Money.AddAccountAsync(), await bench.Money.AddPackageAsync());
        var reply = await bench.BuyAsync(account, package);
        Assert.Null(await bench.Money.Checkout.OpenPortalAsync(account, "https://shop.example/", "http://gateway", default));
        var order = bench.Creem.Shop.Pay(CreemBench.PageOf(reply))!;

        for (var i = 0; i < 3; i++)
        {
            await bench.DeliverAsync(bench.Creem.Shop.Events, schemes);
            await bench.SweepAsync();
        }

        var placed = await bench.PlacedAsync(reply);
        Assert.Equal((OrderStatus.Fulfilled, order.Id, 2975L), (placed.Status, placed.PaymentId, placed.PaidCents));
        Assert.Equal(250, bench.Money.Engine.BalanceOf(account));
        Assert.Equal(
            $"{bench.Creem.Address}/portal/{order.Customer.Id}",
            await bench.Money.Checkout.OpenPortalAsync(account, "https://shop.example/", "http://gateway", default));
    }

    /// <summary>Three months, a refusal in between and the end, shuffled by the seed, each told once to three times.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Subscription_OverThreeMonths_IsCreditedOnceAMonthInAnyOrder(int seed)
    {
        await using var bench = await CreemBench.OpenAsync();
        var account = await SubscribeAsync(bench);
        var subscription = bench.Creem.Shop.Subscriptions[0].Id;
        Step(bench);
        bench.Creem.Shop.BillNext(subscription);
        Step(bench);
        bench.Creem.Shop.BillNext(subscription, succeeds: false);
        bench.Money.Clock.Step(TimeSpan.FromDays(1));
        bench.Creem.Shop.BillNext(subscription);

        var (random, events) = (new Random(seed), bench.Creem.Shop.Events.ToList());
        events = [.. events.SelectMany(told => Enumerable.Repeat(told, 1 + random.Next(3)))];
        if (seed > 0)
        {
            events = [.. events.OrderBy(_ => random.Next())];
        }

        foreach (var told in events)
        {
            await bench.DeliverAsync([told]);
            if (random.Next(4) == 0)
            {
                await bench.Money.SweepAsync();
            }
        }

        await bench.SweepAsync();
        var months = bench.Creem.Shop.Payments.Where(paid => paid.Status == "paid").ToList();
        Assert.Equal((3, 30_000), (months.Count, bench.Money.Engine.BalanceOf(account)));
        Assert.Equal(3, await bench.Money.ScalarAsync<long>(Paid));
        Assert.Equal(
            string.Join(',', months.Select(paid => paid.Id).Order(StringComparer.Ordinal)),
            await bench.Money.ScalarAsync<string>("select string_agg(payment_id, ',' order by payment_id collate \"C\") from orders"));
        Assert.Equal(subscription, await bench.Money.ScalarAsync<string>("select provider_id from subscriptions"));
        Assert.Empty(bench.Money.Errors.Lines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refunds_TakeTheirShareOnce_WhetherToldOrListed(bool listed)
    {
        await using var bench = await CreemBench.OpenAsync();
        bench.Creem.Shop.TaxPercent = 19;
        var (account, package) = (await bench.Money.AddAccountAsync(), await bench.Money.AddPackageAsync());
        var reply = await bench.BuyAsync(account, package);
        var payment = bench.Creem.Shop.Pay(CreemBench.PageOf(reply))!.Transaction!.Id;
        await bench.DeliverAsync(bench.Creem.Shop.Events);
        Assert.Equal(250, bench.Money.Engine.BalanceOf(account));

        // 1190 of 2975 are two fifths of the money and of the credits.
        bench.Creem.Shop.Refund(payment, 1190);
        await TellAsync();
        Assert.Equal(150, bench.Money.Engine.BalanceOf(account));

        var late = bench.Creem.Shop.Refund(payment, 595, "pending");
        var failed = bench.Creem.Shop.Refund(payment, 595, "pending");
        await TellAsync();
        Assert.Equal(150, bench.Money.Engine.BalanceOf(account));

        bench.Creem.Shop.Settle(late, "succeeded");
        bench.Creem.Shop.Settle(failed, "failed");
        await TellAsync();
        Assert.Equal(100, bench.Money.Engine.BalanceOf(account));

        bench.Creem.Shop.Refund(payment);
        await TellAsync();
        Assert.Equal(0, bench.Money.Engine.BalanceOf(account));

        // All that a webhook withheld comes late, twice.
        await bench.DeliverAsync(bench.Creem.Shop.Events);
        await bench.DeliverAsync(bench.Creem.Shop.Events.Reverse());
        await bench.Money.SweepAsync();
        Assert.Equal(0, bench.Money.Engine.BalanceOf(account));

        async Task TellAsync()
        {
            if (listed)
            {
                bench.Money.Clock.Step(TimeSpan.FromHours(2));
                await bench.Money.Get<PaymentCatchUp>().RunAsync(default);
            }
            else
            {
                await bench.DeliverAsync(bench.Creem.Shop.Events);
            }
        }
    }

    [Fact]
    public async Task Dispute_AfterARefund_TakesNoMoreThanWasGiven()
    {
        await using var bench = await CreemBench.OpenAsync();
        var account = await SubscribeAsync(bench);
        await bench.DeliverAsync(bench.Creem.Shop.Events);
        var payment = bench.Creem.Shop.Payments[0].Id;
        bench.Creem.Shop.Refund(payment, 333);
        bench.Creem.Shop.Dispute(payment);

        await bench.DeliverAsync(bench.Creem.Shop.Events.Reverse());
        bench.Money.Clock.Step(TimeSpan.FromHours(2));
        await bench.Money.Get<PaymentCatchUp>().RunAsync(default);

        Assert.Equal(0, bench.Money.Engine.BalanceOf(account));
    }

    /// <summary>No webhook ever comes: the open order and the list find everything, and what comes late changes nothing.</summary>
    [Fact]
    public async Task Events_Withheld_AreFoundByTheCatchUp()
    {
        await using var bench = await CreemBench.OpenAsync();
        var (account, package) = (await SubscribeAsync(bench), await bench.Money.AddPackageAsync());
        var bought = await bench.BuyAsync(account, package);
        bench.Creem.Shop.Pay(CreemBench.PageOf(bought));
        var subscription = bench.Creem.Shop.Subscriptions[0].Id;
        for (var month = 0; month < 3; month++)
        {
            bench.Creem.Faults.Next("GET /v1/subscriptions/search", CreemFault.Refuse);
            for (var i = 0; i < 3; i++)
            {
                bench.Money.Clock.Step(TimeSpan.FromHours(2));
                await bench.Money.Get<PaymentCatchUp>().RunAsync(default);
                await bench.Money.SweepAsync();
            }

            Assert.Equal(250 + ((month + 1) * 10_000), bench.Money.Engine.BalanceOf(account));
            Step(bench);
            bench.Creem.Shop.BillNext(subscription);
        }

        bench.Money.Clock.Step(TimeSpan.FromHours(2));
        await bench.Money.Get<PaymentCatchUp>().RunAsync(default);
        await bench.DeliverAsync(bench.Creem.Shop.Events.Reverse());
        await bench.DeliverAsync(bench.Creem.Shop.Events);

        Assert.Equal(40_250, bench.Money.Engine.BalanceOf(account));
        Assert.Equal(bench.Creem.Shop.Payments.Count, await bench.Money.ScalarAsync<long>(Paid));
        Assert.Empty(bench.Money.Errors.Lines);
    }

    /// <summary>The same order number at the same shop: what another database's gateway sold is no payment here.</summary>
    [Fact]
    public async Task Installations_ThatShareAShop_TakeTheirOwnPaymentsAlone()
    {
        await using var one = await CreemBench.OpenAsync();
        await using var other = await CreemBench.OpenAsync();
        other.MoveTo(one.Creem);
        var accounts = new List<(CreemBench Bench, long Account)>();
        foreach (var bench in new[] { one, other })
        {
            var account = await bench.Money.AddAccountAsync();
            var reply = await bench.BuyAsync(account, await bench.Money.AddPackageAsync());
            Assert.Equal("order:1", reply.Order!.Reference);
            if (bench == other)
            {
                one.Creem.Shop.Pay(CreemBench.PageOf(reply));
            }

            accounts.Add((bench, account));
        }

        foreach (var (bench, _) in accounts)
        {
            await bench.DeliverAsync(one.Creem.Shop.Events);
            await bench.SweepAsync();
        }

        Assert.Equal([0, 250], accounts.Select(one => one.Bench.Money.Engine.BalanceOf(one.Account)));
        Assert.Equal("OtherInstallation", await one.Money.ScalarAsync<string>("select outcome from payment_events"));
        Assert.Empty(one.Money.Errors.Lines);
    }

    private static async Task<long> SubscribeAsync(CreemBench bench)
    {
        var product = bench.Creem.Shop.AddProduct("Pro", 999, period: "every-month");
        var (account, plan) = (await bench.Money.AddAccountAsync(), await bench.Money.AddPlanAsync(creem: product.Id));
        var reply = await bench.Money.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Monthly, CreemBench.Terms(), default);
        Assert.Equal(OrderOutcome.Pending, reply.Outcome);
        bench.Creem.Shop.Pay(CreemBench.PageOf(reply));
        return account;
    }

    private static void Step(CreemBench bench) =>
        bench.Money.Clock.Step(bench.Creem.Shop.Subscriptions[0].To - bench.Money.Clock.GetUtcNow());
}
