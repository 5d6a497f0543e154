using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Testing.Creem;

namespace MeteringGateway.FunctionalTests.Sales.Payments.Creem;

/// <summary>What the gateway asks Creem for, and what it makes of the answers; nothing is told by an event.</summary>
public sealed class CreemProviderTests
{
    private const string Checkouts = "POST /v1/checkouts";
    private const string Look = "GET /v1/checkouts";

    [Fact]
    public async Task Packages_AreSoldAtTheirPriceUnderOneProductOfTheirCurrency()
    {
        await using var bench = await CreemBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();
        var (first, second) = (await bench.Money.AddPackageAsync(), await bench.Money.AddPackageAsync("more", 600, 5000));

        var replies = new[] { await bench.BuyAsync(account, first), await bench.BuyAsync(account, second) };

        Assert.All(replies, reply => Assert.Equal(OrderOutcome.Pending, reply.Outcome));
        Assert.Equal("USD", Assert.Single(bench.Creem.Shop.Products).Currency);
        Assert.Equal([2500, 5000], bench.Creem.Shop.Checkouts.Select(checkout => checkout.Amount));
        var made = bench.Creem.Shop.Checkouts[0];
        Assert.Equal(made.RequestId, made.Reference);
        Assert.EndsWith(":" + replies[0].Order!.Reference, made.RequestId, StringComparison.Ordinal);
        Assert.Equal($"https://shop.example/ok?s={replies[0].Order!.Reference}", made.SuccessUrl);
        Assert.Equal(made.Id, (await bench.PlacedAsync(replies[0])).CheckoutId);
    }

    /// <summary>No event comes: the open order asks, and is credited once.</summary>
    [Fact]
    public async Task Purchase_WithoutAnyEvent_IsFoundAndCreditedOnce()
    {
        await using var bench = await CreemBench.OpenAsync();
        bench.Creem.Shop.TaxPercent = 19;
        var (account, package) = (await bench.Money.AddAccountAsync(), await bench.Money.AddPackageAsync());
        var reply = await bench.BuyAsync(account, package);

        await bench.SweepAsync();
        Assert.Equal((OrderStatus.Pending, 0), ((await bench.PlacedAsync(reply)).Status, bench.Money.Engine.BalanceOf(account)));
        bench.Creem.Faults.Next(Look, CreemFault.Refuse, CreemFault.FailAfter, CreemFault.Drop);
        var order = bench.Creem.Shop.Pay(CreemBench.PageOf(reply))!;
        for (var i = 0; i < 6; i++)
        {
            await bench.SweepAsync(TimeSpan.FromHours(1));
        }

        var placed = await bench.PlacedAsync(reply);
        Assert.Equal((OrderStatus.Fulfilled, order.Id, 2975L), (placed.Status, placed.PaymentId, placed.PaidCents));
        Assert.Equal(250, bench.Money.Engine.BalanceOf(account));
        Assert.Single(bench.Creem.Shop.Payments);
    }

    [Fact]
    public async Task Page_ThatExpires_EndsItsOrder()
    {
        await using var bench = await CreemBench.OpenAsync();
        var reply = await bench.BuyAsync(await bench.Money.AddAccountAsync(), await bench.Money.AddPackageAsync());

        bench.Creem.Shop.Expire(CreemBench.PageOf(reply));
        await bench.SweepAsync();

        Assert.Equal(OrderStatus.Canceled, (await bench.PlacedAsync(reply)).Status);
    }

    /// <summary>The answer is lost in each way: the same order gets another page, and only a page that was shown is paid.</summary>
    [Theory]
    [InlineData(CreemFault.Refuse, 1)]
    [InlineData(CreemFault.FailAfter, 2)]
    [InlineData(CreemFault.Drop, 2)]
    [InlineData(CreemFault.Hang, 2)]
    public async Task Checkout_WhoseAnswerIsLost_IsMadeAgainForTheSameOrder(CreemFault fault, int pages)
    {
        await using var bench = await CreemBench.OpenAsync(TimeSpan.FromSeconds(2));
        var (account, package) = (await bench.Money.AddAccountAsync(), await bench.Money.AddPackageAsync());
        bench.Creem.Faults.Next(Checkouts, fault);

        var lost = await bench.BuyAsync(account, package, "key-1");
        var reply = await bench.BuyAsync(account, package, "key-1");
        var again = await bench.BuyAsync(account, package, "key-1");
        bench.Creem.Shop.Pay(CreemBench.PageOf(reply));
        await bench.SweepAsync();
        await bench.SweepAsync(TimeSpan.FromHours(1));

        Assert.Equal((OrderOutcome.PaymentUnavailable, OrderOutcome.Pending), (lost.Outcome, reply.Outcome));
        Assert.Equal((reply.Order!.PaymentUrl, lost.Order!.Id), (again.Order!.PaymentUrl, reply.Order.Id));
        Assert.Equal((pages, 250), (bench.Creem.Shop.Checkouts.Count, bench.Money.Engine.BalanceOf(account)));
        Assert.Single(bench.Creem.Shop.Payments);
    }

    [Theory]
    [InlineData(CreemFault.Refuse)]
    [InlineData(CreemFault.FailAfter)]
    [InlineData(CreemFault.Drop)]
    [InlineData(CreemFault.Twice)]
    public async Task Product_WhoseAnswerIsLost_IsMadeOnce(CreemFault fault)
    {
        await using var bench = await CreemBench.OpenAsync();
        var (account, package) = (await bench.Money.AddAccountAsync(), await bench.Money.AddPackageAsync());
        bench.Creem.Faults.Next("POST /v1/products", fault);

        await bench.BuyAsync(account, package);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => bench.BuyAsync(account, package)));

        Assert.Single(bench.Creem.Shop.Products);
    }

    [Fact]
    public async Task Product_ThatAnotherShopHasNot_IsMadeThereAndBothAreKept()
    {
        await using var bench = await CreemBench.OpenAsync();
        await using var other = await CreemDouble.StartAsync("creem_test_other", bench.Money.Clock);
        var (account, package) = (await bench.Money.AddAccountAsync(), await bench.Money.AddPackageAsync());

        foreach (var shop in new[] { bench.Creem, other, bench.Creem, other, other })
        {
            bench.MoveTo(shop);
            Assert.Equal(OrderOutcome.Pending, (await bench.BuyAsync(account, package)).Outcome);
        }

        Assert.Equal((1, 1), (bench.Creem.Shop.Products.Count, other.Shop.Products.Count));
        other.Shop.Forget(other.Shop.Products[0].Id);
        Assert.Equal(OrderOutcome.Pending, (await bench.BuyAsync(account, package)).Outcome);
        Assert.Equal((2, 4), (bench.Creem.Shop.Checkouts.Count, other.Shop.Checkouts.Count));
    }

    [Theory]
    [InlineData("JPY", 3000, "Creem sells in USD and EUR, not in JPY.")]
    [InlineData("USD", 99, "Creem takes 100 to 99999999 in the smallest unit of the currency at once.")]
    [InlineData("USD", 100_000_000, "Creem takes 100 to 99999999 in the smallest unit of the currency at once.")]
    public async Task WhatCreemCantSell_IsRefusedWithTheReasonAndNotAskedFor(string currency, long cents, string reason)
    {
        await using var bench = await CreemBench.OpenAsync();

        var page = await bench.Provider.CheckoutAsync(Request(await bench.Money.AddAccountAsync(), cents, currency), default);

        Assert.Equal((PaymentStatus.Declined, null, reason), (page.Status, page.Url, page.Detail));
        Assert.Empty(bench.Creem.Calls);
    }

    [Fact]
    public async Task Plan_WhoseProductHasAnotherPrice_IsNotSoldAndLoggedAsAnError()
    {
        await using var bench = await CreemBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();
        var right = bench.Creem.Shop.AddProduct("Pro", 999, period: "every-month");
        var wrong = bench.Creem.Shop.AddProduct("Pro", 99, period: "every-month");
        var euros = bench.Creem.Shop.AddProduct("Pro", 999, "EUR", "every-month");

        var pages = new List<CheckoutReply>();
        var request = Request(account, 999) with { Recurring = new RecurringTerms("monthly", "subscription:3", "Pro") };
        foreach (var product in new[] { right.Id, wrong.Id, euros.Id, "prod_unknown" })
        {
            pages.Add(await bench.Provider.CheckoutAsync(request with { ProductId = product }, default));
        }

        Assert.Equal(
            [PaymentStatus.Pending, PaymentStatus.Declined, PaymentStatus.Declined, PaymentStatus.Declined],
            pages.Select(page => page.Status));
        Assert.Equal("Creem has no product prod_unknown.", pages[3].Detail);
        Assert.Equal(2, bench.Money.Errors.Lines.Count);
        var metadata = bench.Creem.Shop.Checkouts[0].Metadata!.Value;
        Assert.EndsWith(":subscription:3", metadata.GetProperty("subscription").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_ThatCreemDoesNotTake_IsAnErrorForTheOperatorAndNeverShown()
    {
        await using var bench = await CreemBench.OpenAsync();
        await using var other = await CreemDouble.StartAsync("creem_test_other");
        bench.MoveTo(other, CreemDouble.TestKey);

        var reply = await bench.BuyAsync(await bench.Money.AddAccountAsync(), await bench.Money.AddPackageAsync());

        Assert.Equal(OrderOutcome.PaymentUnavailable, reply.Outcome);
        Assert.Equal("Creem does not take the key of Payments:Creem:ApiKey: it answered 401", Assert.Single(bench.Money.Errors.Lines));
    }

    [Fact]
    public async Task Subscription_IsEndedAndKept_HoweverOftenItIsSaid()
    {
        await using var bench = await CreemBench.OpenAsync();
        var product = bench.Creem.Shop.AddProduct("Pro", 999, period: "every-month");
        await bench.Provider.CheckoutAsync(Request(await bench.Money.AddAccountAsync(), 999) with { ProductId = product.Id }, default);
        bench.Creem.Shop.Pay(bench.Creem.Shop.Checkouts[0].Id);
        var id = bench.Creem.Shop.Subscriptions[0].Id;

        foreach (var ends in new[] { true, true, false, false, true })
        {
            bench.Creem.Faults.Next($"POST /v1/subscriptions/{{id}}/{(ends ? "cancel" : "resume")}", CreemFault.Drop);
            var wish = ends ? SubscriptionWish.EndsWithWhatIsPaid : SubscriptionWish.GoesOn;
            var first = await bench.Subscriptions.TellAsync(id, wish, default);
            Assert.True(await bench.Subscriptions.TellAsync(id, wish, default), $"{ends} after {first}");
            var facts = (await bench.Subscriptions.FindSubscriptionAsync(id, default))!;
            Assert.Equal((id, SubscriptionState.Active, ends), (facts.ProviderId, facts.State, facts.IsEnding));
            Assert.Equal(bench.Creem.Shop.Subscriptions[0].To, facts.PeriodEnd);
        }

        bench.Creem.Shop.BillNext(id);
        Assert.Equal(SubscriptionState.Ended, (await bench.Subscriptions.FindSubscriptionAsync(id, default))!.State);
        Assert.True(await bench.Subscriptions.TellAsync(id, SubscriptionWish.EndsWithWhatIsPaid, default));
        Assert.False(await bench.Subscriptions.TellAsync(id, SubscriptionWish.GoesOn, default));
        Assert.Null(await bench.Subscriptions.FindSubscriptionAsync("sub_unknown", default));
        Assert.Equal(3, bench.Creem.Shop.Events.Count(told => told.Type is "subscription.scheduled_cancel" or "subscription.update"));
    }

    [Fact]
    public async Task History_HasMonthsAndWhatWentBack_EachUnderOneIdHoweverOftenItIsRead()
    {
        await using var bench = await CreemBench.OpenAsync();
        var (account, start) = (await bench.Money.AddAccountAsync(), bench.Money.Clock.GetUtcNow());
        var product = bench.Creem.Shop.AddProduct("Pro", 999, period: "every-month");
        var terms = new RecurringTerms("monthly", "subscription:3", "Pro");
        await bench.Provider.CheckoutAsync(Request(account, 999) with { ProductId = product.Id, Recurring = terms }, default);
        bench.Creem.Shop.Pay(bench.Creem.Shop.Checkouts[0].Id);
        var subscription = bench.Creem.Shop.Subscriptions[0].Id;
        for (var i = 0; i < 120; i++)
        {
            await bench.Provider.CheckoutAsync(Request(account, 2500), default);
            bench.Creem.Shop.Pay(bench.Creem.Shop.Checkouts[^1].Id);
        }

        bench.Money.Clock.Step(TimeSpan.FromDays(31));
        bench.Creem.Shop.BillNext(subscription);
        bench.Creem.Shop.Refund(bench.Creem.Shop.Payments[0].Id, 400);
        bench.Creem.Shop.Refund(bench.Creem.Shop.Payments[5].Id);
        bench.Creem.Shop.Dispute(bench.Creem.Shop.Payments[6].Id);

        var all = await ReadAsync(start);
        var later = await ReadAsync(start + TimeSpan.FromDays(1));

        var months = all.Where(said => said.Kind == PaymentEventKind.MonthPaid).ToList();
        Assert.Equal(
            bench.Creem.Shop.Payments.Where(paid => paid.Subscription is not null).Select(paid => paid.Id).Order(),
            months.Select(said => said.PaymentId).Order());
        Assert.All(months, said => Assert.Equal(
            (subscription, 999L, "USD", false), (said.Subscription!.ProviderId, said.AmountCents, said.Currency, said.IsLive)));
        Assert.All(months, said => Assert.EndsWith(":subscription:3", said.Subscription!.References[0], StringComparison.Ordinal));
        var payments = bench.Creem.Shop.Payments;
        Assert.Equal(
            new[] { (payments[0].Id, 400L), (payments[5].Order!.Id, 2500L), (payments[6].Order!.Id, 2500L) }.Order(),
            all.Where(said => said.Reversal is not null).Select(said => (said.PaymentId!, said.Reversal!.AmountCents)).Order());
        Assert.Equal(all.Select(said => said.Id).Distinct().Count(), all.Count);
        Assert.Single(later, said => said.Kind == PaymentEventKind.MonthPaid);
        Assert.Subset(all.Select(said => said.Id).ToHashSet(), later.Select(said => said.Id).ToHashSet());

        bench.Creem.Faults.Next("GET /v1/transactions/search", CreemFault.None, CreemFault.FailAfter);
        await Assert.ThrowsAsync<PaymentUnavailableException>(() => ReadAsync(start));

        async Task<IReadOnlyList<PaymentEvent>> ReadAsync(DateTimeOffset since)
        {
            var read = new List<PaymentEvent>();
            await foreach (var one in bench.History.ListAsync(since, default))
            {
                read.Add(one.Said);
            }

            return read;
        }
    }

    [Fact]
    public async Task Charge_AlwaysNeedsTheCustomer()
    {
        await using var bench = await CreemBench.OpenAsync();
        var request = new PaymentRequest("order:1", await bench.Money.AddAccountAsync(), 2500, "USD", "Top-up");

        Assert.Equal(PaymentStatus.NeedsCustomer, (await bench.Provider.ChargeAsync(request, default)).Status);
        Assert.Equal(
            PaymentStatus.Unknown,
            (await bench.Provider.FindAsync(new PaymentLookup("order:1", 1, false, null, bench.Money.Clock.GetUtcNow()), default)).Status);
        Assert.Empty(bench.Creem.Calls);
    }

    private static CheckoutRequest Request(long account, long cents, string currency = "USD") => new(
        new PaymentRequest("order:7", account, cents, currency, "Package"), "https://shop.example/ok", "https://shop.example/no",
        "http://gateway", default);
}
