using System.Globalization;
using MeteringGateway.Engine.Movements;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Sandbox;
using MeteringGateway.Sales.Subscriptions;

namespace MeteringGateway.FunctionalTests.Sales.Orders;

public sealed class PurchaseTests
{
    [Fact]
    public async Task Package_Bought_IsPaidCreditedAndShown()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, package) = (await bench.AddAccountAsync(), await bench.AddPackageAsync());

        var bySlug = await bench.Purchases.BuyPackageAsync(account, null, package.Slug, default, default);
        var byId = await bench.Purchases.BuyPackageAsync(account, package.Id, null, default, default);

        Assert.Equal(
            (OrderOutcome.Fulfilled, 250, OrderOutcome.Fulfilled, 500),
            (bySlug.Outcome, bySlug.Order!.BalanceAfter, byId.Outcome, byId.Order!.BalanceAfter));
        var entry = bench.Engine.Entries[0];
        Assert.Equal(
            ($"order:{bySlug.Order.Id}", "purchase", "starter-250"),
            (entry.Id, entry.Type, entry.Metadata!.Value.GetProperty("package_slug").GetString()));
        var (purchases, total) = await bench.Get<PurchaseHistory>().ListAsync(account, null, 1, 0, default);
        var shown = Assert.Single(purchases);
        Assert.Equal(
            (2, $"order:{byId.Order.Id}", "starter-250", "Starter 250", 250, 2500, "USD", "fulfilled"),
            (
                total, shown.ExternalReference, shown.PackageSlug, shown.PackageName, shown.Credits, shown.PriceCents,
                shown.Currency, shown.Status));
        Assert.Equal(500, await bench.Get<PurchaseHistory>().PurchasedCreditsAsync(account, default));
        Assert.Null(await bench.Get<PurchaseHistory>().FindAsync(await bench.AddAccountAsync(), shown.Id, default));
    }

    [Fact]
    public async Task Package_SameKeyManyTimesAtOnce_IsOneOrder()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, package) = (await bench.AddAccountAsync(), await bench.AddPackageAsync());
        var terms = new PurchaseTerms("key-1");

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => bench.Purchases.BuyPackageAsync(account, package.Id, null, terms, default)));

        Assert.All(replies, reply => Assert.Equal((OrderOutcome.Fulfilled, 250), (reply.Outcome, reply.Order!.BalanceAfter)));
        Assert.Single(replies.Select(reply => reply.Order!.Id).Distinct());
        Assert.Single(replies, reply => !reply.IsReplay);
        Assert.Equal((250, 1), (bench.Engine.BalanceOf(account), await bench.ScalarAsync<long>("select count(*) from sandbox_payments")));
        Assert.Equal(
            OrderOutcome.Fulfilled,
            (await bench.Purchases.BuyPackageAsync(await bench.AddAccountAsync(), package.Id, null, terms, default)).Outcome);
    }

    [Fact]
    public async Task Key_OfAnotherRequest_IsAMismatchAndBuysNothing()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var account = await bench.AddAccountAsync();
        var (one, two) = (await bench.AddPackageAsync(), await bench.AddPackageAsync("other"));
        await bench.Purchases.BuyPackageAsync(account, one.Id, null, new PurchaseTerms("k"), default);

        Assert.Equal(
            OrderOutcome.Mismatch, (await bench.Purchases.BuyPackageAsync(account, two.Id, null, new PurchaseTerms("k"), default)).Outcome);
        Assert.Equal(OrderOutcome.Mismatch, (await bench.Purchases.TopUpAsync(account, 2500, new PurchaseTerms("k"), default)).Outcome);
        Assert.Equal(250, bench.Engine.BalanceOf(account));
    }

    [Fact]
    public async Task Key_AfterThePackageChangedOrWent_StillGetsTheFirstOrder()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, package) = (await bench.AddAccountAsync(), await bench.AddPackageAsync());
        var first = await bench.Purchases.BuyPackageAsync(account, package.Id, null, new PurchaseTerms("k"), default);
        await bench.ScalarAsync<int>("update packages set active = false, price_cents = 1, credits = 9");

        var again = await bench.Purchases.BuyPackageAsync(account, package.Id, null, new PurchaseTerms("k"), default);
        var fresh = await bench.Purchases.BuyPackageAsync(account, package.Id, null, new PurchaseTerms("new"), default);

        Assert.Equal((first.Order!.Id, 250, true), (again.Order!.Id, again.Order.Credits, again.IsReplay));
        Assert.Equal(OrderOutcome.UnknownPackage, fresh.Outcome);
    }

    [Theory]
    [InlineData(99, "AmountOutOfRange", 0)]
    [InlineData(100, "Fulfilled", 33)]
    [InlineData(10_000, "Fulfilled", 3333)]
    [InlineData(1_000_000_000, "Fulfilled", 333_333_333)]
    [InlineData(1_000_000_001, "AmountOutOfRange", 0)]
    [InlineData(-100, "AmountOutOfRange", 0)]
    [InlineData(long.MaxValue, "AmountOutOfRange", 0)]
    public async Task TopUp_OfCents_BuysWholeCreditsRoundedDown(long cents, string outcome, long credits)
    {
        await using var bench = await MoneyBench.OpenAsync(creditUsd: 0.03m);
        var account = await bench.AddAccountAsync();

        var reply = await bench.Purchases.TopUpAsync(account, cents, default, default);

        Assert.Equal((outcome, credits), (reply.Outcome.ToString(), bench.Engine.BalanceOf(account)));
    }

    [Fact]
    public async Task Payment_Declined_GivesNothingAndStaysSo()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, package) = (await bench.AddAccountAsync(), await bench.AddPackageAsync());
        var terms = new PurchaseTerms("k", SandboxMode.Decline);

        var reply = await bench.Purchases.BuyPackageAsync(account, package.Id, null, terms, default);
        var again = await bench.Purchases.BuyPackageAsync(account, package.Id, null, terms with { SandboxMode = SandboxMode.Pay }, default);
        bench.Clock.Step(TimeSpan.FromDays(1));
        await bench.SweepAsync();

        Assert.Equal((OrderOutcome.Declined, "The card was declined."), (reply.Outcome, reply.Order!.Refusal));
        Assert.Equal((OrderOutcome.Declined, reply.Order.Id, 0), (again.Outcome, again.Order!.Id, bench.Engine.BalanceOf(account)));
    }

    [Fact]
    public async Task Payment_Later_IsFinishedByTheSweeperOnce()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, package) = (await bench.AddAccountAsync(), await bench.AddPackageAsync());
        var reply = await bench.Purchases.BuyPackageAsync(
            account, package.Id, null, new PurchaseTerms(SandboxMode: SandboxMode.Later), default);
        var stuck = await bench.Purchases.BuyPackageAsync(
            account, package.Id, null, new PurchaseTerms(SandboxMode: SandboxMode.Pending), default);
        await bench.SweepAsync();
        Assert.Equal((OrderOutcome.Pending, 0), (reply.Outcome, bench.Engine.BalanceOf(account)));

        bench.Clock.Step(TimeSpan.FromSeconds(11));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => bench.SweepAsync()));

        Assert.Equal(("fulfilled", 250), ((await bench.OrderAsync(reply.Order!.Id)).Status, bench.Engine.BalanceOf(account)));
        Assert.Equal("pending", (await bench.OrderAsync(stuck.Order!.Id)).Status);
    }

    [Fact]
    public async Task Gateway_DiesBetweenPaymentAndCredit_SweeperGivesItOnce()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, package) = (await bench.AddAccountAsync(), await bench.AddPackageAsync());
        bench.Engine.IsAway = true;
        var before = await bench.Purchases.BuyPackageAsync(account, package.Id, null, default, default);
        bench.Engine.IsAway = false;
        bench.Engine.DiesAfterTheCredit = true;
        await Assert.ThrowsAsync<TimeoutException>(() => bench.Purchases.BuyPackageAsync(account, package.Id, null, default, default));
        bench.Engine.DiesAfterTheCredit = false;
        Assert.Equal((OrderOutcome.Paid, 250), (before.Outcome, bench.Engine.BalanceOf(account)));

        bench.Clock.Step(TimeSpan.FromSeconds(11));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => bench.SweepAsync()));

        Assert.Equal(
            (500, 2),
            (bench.Engine.BalanceOf(account), await bench.ScalarAsync<long>("select count(*) from orders where status = 'fulfilled'")));
    }

    [Fact]
    public async Task Gateway_DiesBeforeThePayment_OrderIsGivenUpAndNothingCharged()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var account = await bench.AddAccountAsync();
        var order = bench.Purchases.TopUpOf(account, 1000, OrderKind.TopUp, "x", default)!;
        var (row, _) = await bench.Get<OrderStore>().OpenAsync(order, default);

        bench.Clock.Step(TimeSpan.FromMinutes(5));
        await bench.SweepAsync();
        Assert.Equal("pending", (await bench.OrderAsync(row!.Id)).Status);
        bench.Clock.Step(TimeSpan.FromMinutes(6));
        await bench.SweepAsync();

        Assert.Equal(("canceled", 0, 0), (
            (await bench.OrderAsync(row.Id)).Status, bench.Engine.BalanceOf(account),
            await bench.ScalarAsync<long>("select count(*) from sandbox_payments")));
    }

    [Theory]
    [InlineData(250, "Fulfilled", 1)]
    [InlineData(249, "BalanceTooLarge", 0)]
    public async Task Purchase_AboveTheGreatestBalance_IsNotCharged(long room, string outcome, long payments)
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, package) = (await bench.AddAccountAsync(), await bench.AddPackageAsync());
        await bench.ScalarAsync<long>(
            "update accounts set credit_balance = @most - @room where id = @account", new { most = CreditBounds.Balance, room, account });
        var terms = new CheckoutTerms("sandbox", "https://shop.example/ok", "https://shop.example/no", "http://gateway");

        Assert.Equal(outcome, (await bench.Purchases.BuyPackageAsync(account, package.Id, null, default, default)).Outcome.ToString());
        Assert.Equal("BalanceTooLarge", (await bench.Purchases.TopUpAsync(account, 1_000_000, default, default)).Outcome.ToString());
        Assert.Equal(
            "BalanceTooLarge",
            (await bench.Checkout.SubscribeAsync(account, (await bench.AddPlanAsync()).Id, "monthly", terms, default)).Outcome.ToString());
        if (payments == 0)
        {
            Assert.Equal(
                "BalanceTooLarge", (await bench.Checkout.SellPackageAsync(account, package.Id, null, terms, default)).Outcome.ToString());
        }

        Assert.Equal((payments, payments), (
            await bench.ScalarAsync<long>("select count(*) from sandbox_payments"),
            await bench.ScalarAsync<long>("select count(*) from orders")));
        Assert.Equal(0, await bench.ScalarAsync<long>("select count(*) from subscriptions"));
        Assert.Equal(payments * 250, bench.Engine.BalanceOf(account));
    }

    [Fact]
    public async Task Purchases_ManyAtOnceWhereOneFits_ChargeOne()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, package) = (await bench.AddAccountAsync(), await bench.AddPackageAsync());
        await bench.ScalarAsync<long>(
            "update accounts set credit_balance = @most - 499 where id = @account", new { most = CreditBounds.Balance, account });
        bench.Engine.IsAway = true;

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => bench.Purchases.BuyPackageAsync(account, package.Id, null, default, default)));

        Assert.Equal(9, replies.Count(reply => reply.Outcome == OrderOutcome.BalanceTooLarge));
        Assert.Equal(1, await bench.ScalarAsync<long>("select count(*) from sandbox_payments"));
    }

    [Fact]
    public async Task Charge_OfAnOrderWithoutRoom_IsDeclinedUnlessItWasMadeBefore()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var account = await bench.AddAccountAsync();
        var wanted = bench.Purchases.TopUpOf(account, 1000, OrderKind.TopUp, "x", default)!;
        var (store, flow) = (bench.Get<OrderStore>(), bench.Get<OrderFlow>());
        var (late, _) = await store.OpenAsync(wanted, default);
        var (charged, _) = await store.OpenAsync(wanted, default);
        var known = new PaymentRequest(charged!.Reference, account, 1000, "USD", "x");
        await bench.Get<SandboxPaymentProvider>().ChargeAsync(known, default);
        await bench.ScalarAsync<long>(
            "update accounts set credit_balance = @most where id = @account", new { most = CreditBounds.Balance, account });

        Assert.Equal("declined", (await flow.AdvanceAsync(late!, null, default)).Status);
        Assert.Equal("fulfilled", (await flow.AdvanceAsync(charged, null, default)).Status);
        Assert.Equal(1, await bench.ScalarAsync<long>("select count(*) from sandbox_payments"));
    }

    [Theory]
    [InlineData("0.10", 105, 10, 100)]
    [InlineData("0.10", 100, 10, 100)]
    [InlineData("0.03", 100, 33, 99)]
    [InlineData("0.015", 101, 67, 101)]
    [InlineData("7", 1000, 1, 700)]
    [InlineData("0.000001", 100, 1_000_000, 100)]
    public async Task TopUp_ChargesOnlyWhatBecomesWholeCredits(string usd, long cents, long credits, long charged)
    {
        await using var bench = await MoneyBench.OpenAsync(decimal.Parse(usd, CultureInfo.InvariantCulture));
        var account = await bench.AddAccountAsync();

        var order = (await bench.Purchases.TopUpAsync(account, cents, default, default)).Order!;

        Assert.Equal((credits, charged, credits), (order.Credits, order.PriceCents, bench.Engine.BalanceOf(account)));
        Assert.Equal(charged, await bench.ScalarAsync<long>("select amount_cents from sandbox_payments"));
        var recharge = bench.Purchases.TopUpOf(account, cents, OrderKind.AutoRecharge, "x", default)!;
        Assert.Equal((credits, charged), (recharge.Credits, recharge.PriceCents));
    }

    [Fact]
    public async Task Credit_ThatCantBeGiven_LeavesThePaidOrderOpen()
    {
        await using var bench = await MoneyBench.OpenAsync();
        bench.Engine.Refuses = CreditStatus.BalanceTooLarge;
        var reply = await bench.Purchases.TopUpAsync(await bench.AddAccountAsync(), 1000, default, default);
        bench.Clock.Step(TimeSpan.FromSeconds(11));
        await bench.SweepAsync();
        bench.Engine.Refuses = null;
        await bench.SweepAsync();
        Assert.Equal(("paid", 1), ((await bench.OrderAsync(reply.Order!.Id)).Status, (await bench.OrderAsync(reply.Order.Id)).Attempts));

        bench.Clock.Step(TimeSpan.FromSeconds(11));
        await bench.SweepAsync();
        Assert.Equal("fulfilled", (await bench.OrderAsync(reply.Order.Id)).Status);
    }

    [Fact]
    public async Task Orders_OfABlockedPartition_HideNoneOfTheOthers()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (blocked, healthy) = (await bench.AddAccountAsync(), await bench.AddAccountAsync());
        bench.Engine.IsAway = true;
        foreach (var account in Enumerable.Repeat(blocked, 101).Append(healthy))
        {
            await bench.Purchases.TopUpAsync(account, 1000, default, default);
        }

        (bench.Engine.IsAway, bench.Engine.Blocked) = (false, blocked);
        bench.Clock.Step(TimeSpan.FromSeconds(11));
        await Assert.ThrowsAsync<StoreUnavailableException>(bench.SweepAsync);
        Assert.Equal((100, 0), (bench.Engine.BalanceOf(healthy), bench.Engine.BalanceOf(blocked)));

        bench.Engine.Blocked = null;
        await bench.SweepAsync();
        Assert.Equal(10_100, bench.Engine.BalanceOf(blocked));
    }

    [Fact]
    public async Task Account_UnknownOrSuspended_BuysNothing()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var account = await bench.AddAccountAsync();
        await bench.ScalarAsync<int>("update accounts set status = 'suspended'");

        Assert.Equal(OrderOutcome.AccountSuspended, (await bench.Purchases.TopUpAsync(account, 1000, default, default)).Outcome);
        Assert.Equal(OrderOutcome.UnknownAccount, (await bench.Purchases.TopUpAsync(4711, 1000, default, default)).Outcome);
        Assert.Equal(0, await bench.ScalarAsync<long>("select count(*) from orders"));
    }
}
