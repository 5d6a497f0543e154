using System.Globalization;
using MeteringGateway.Accounts.Payouts;
using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.Sales.Reversals;
using MeteringGateway.Sales.Subscriptions;

namespace MeteringGateway.FunctionalTests.Sales.Reversals;

/// <summary>
/// Providers tell of things in any order and more than once. Each case is told in every order where there are few, else in hundreds, each
/// event once to three times, and ends the same each time.
/// </summary>
public sealed class EventOrderTests
{
    private const int Most = 100;

    [Fact]
    public async Task Purchase_InEveryOrder_IsCreditedOnce() => await EachOrderAsync(
        says =>
        [
            says.Checkout("unpaid"), says.Checkout("paid", "async_payment_succeeded"), says.IntentOf("payment_failed"),
            says.IntentOf("succeeded"), says.Checkout("unpaid", "expired"),
        ],
        "250 owed 0, order fulfilled, reversed 0");

    /// <summary>5/29.75 and 7/29.75 of 250 credits, rounded down together; the third failed in the end.</summary>
    [Fact]
    public async Task Refunds_PartialPartialFullAndFailed_InEveryOrder_TakeTheSame() => await EachOrderAsync(
        says =>
        [
            says.Checkout("paid"), says.IntentOf("succeeded"),
            says.Refund("a", 500, "succeeded", "created"),
            says.Refund("b", 700, "pending", "created", byCharge: true), says.Refund("b", 700, "succeeded", "updated", byCharge: true),
            says.Refund("c", 1775, "succeeded", "created"), says.Refund("c", 1775, "failed", "failed"),
        ],
        "150 owed 0, order fulfilled, reversed 100");

    [Fact]
    public async Task Refunds_OfAllOfIt_InEveryOrder_TakeAll() => await EachOrderAsync(
        says =>
        [
            says.Checkout("paid"), says.Refund("a", 1, "succeeded", "created"), says.Refund("b", 2000, "succeeded", "updated"),
            says.Refund("c", 974, "succeeded", "created"),
        ],
        "0 owed 0, order fulfilled, reversed 250");

    [Fact]
    public async Task Dispute_Lost_InEveryOrder_TakesAllOnce() => await EachOrderAsync(
        says =>
        [
            says.Checkout("paid"), says.Dispute("created", "needs_response"), says.Dispute("funds_withdrawn", "needs_response"),
            says.Dispute("closed", "lost"),
        ],
        "0 owed 0, order fulfilled, reversed 250");

    [Fact]
    public async Task Dispute_Won_InEveryOrder_TakesNothing() => await EachOrderAsync(
        says =>
        [
            says.Checkout("paid"), says.Dispute("created", "needs_response"), says.Dispute("funds_withdrawn", "needs_response"),
            says.Dispute("closed", "won"), says.Dispute("funds_reinstated", "won"),
        ],
        "250 owed 0, order fulfilled, reversed 0");

    [Fact]
    public async Task Dispute_AnInquiryThatEnds_TakesNothing() => await EachOrderAsync(
        says => [says.Checkout("paid"), says.Dispute("created", "warning_needs_response"), says.Dispute("closed", "warning_closed")],
        "250 owed 0, order fulfilled, reversed 0");

    [Theory]
    [InlineData("lost", "0 owed 0, order fulfilled, reversed 250")]
    [InlineData("won", "150 owed 0, order fulfilled, reversed 100")]
    public async Task Dispute_AfterARefund_InEveryOrder_CountsNoMoneyTwice(string end, string books) => await EachOrderAsync(
        says =>
        [
            says.Checkout("paid"), says.Refund("a", 1190, "succeeded", "created"),
            says.Dispute("funds_withdrawn", "needs_response", 2975), says.Dispute("closed", end, 2975),
            .. end == "won" ? [says.Dispute("funds_reinstated", "won", 2975)] : Array.Empty<string>(),
        ],
        books);

    /// <summary>What is taken of credits that are spent is owed, whichever refund takes it.</summary>
    [Fact]
    public async Task Refunds_OfSpentCredits_InEveryOrder_AreOwed() => await EachOrderAsync(
        says =>
        [
            says.Refund("a", 500, "succeeded", "created"), says.Refund("b", 700, "succeeded", "created"),
            says.Refund("c", 1775, "succeeded", "created"), says.Refund("c", 1775, "failed", "failed"),
        ],
        "0 owed 50, order fulfilled, reversed 100", before: says => says.Checkout("paid"), spent: 200);

    [Fact]
    public async Task Subscription_OverThreeMonths_InEveryOrder_CreditsEachMonthOnce()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var plan = await bench.AddPlanAsync();
        var random = new Random(14);
        for (var i = 0; i < Most; i++)
        {
            var account = await bench.AddAccountAsync();
            var terms = new CheckoutTerms("stripe", "https://shop.example/ok", "https://shop.example/no", "http://gateway");
            var order = (await bench.Checkout.SubscribeAsync(account, plan.Id, SubscriptionRow.Monthly, terms, default)).Order!;
            var (says, subscription) = (new StripeSays($"s{i}", order.Reference), $"subscription:{order.SubscriptionId}");
            string[] events =
            [
                says.SubscribedBy(subscription), says.State(subscription, "incomplete", 0, "created"),
                says.State(subscription, "active", 1),
                says.Invoice(subscription, 0), says.Invoice(subscription, 1, "payment_failed"), says.State(subscription, "past_due", 2),
                says.Invoice(subscription, 1), says.State(subscription, "active", 3), says.Invoice(subscription, 2),
                says.InvoicePayment(0), says.InvoicePayment(1), says.InvoicePayment(2), says.MonthRefund(1),
            ];
            var told = await TellAsync(bench, Shuffled(events, random), random);

            var row = await bench.Get<SubscriptionStore>().FindCurrentAsync(account, default);
            var orders = await bench.ScalarAsync<long>(
                "select count(*) from orders where account_id = @account and status = 'fulfilled' and price_cents = 999", new { account });
            Assert.True(
                (20_000, 3, "active", StripeSays.EndOf(2), StripeSays.EndOf(2), says.Subscription)
                == (bench.Engine.BalanceOf(account), (int)orders, row?.Status, row?.CurrentPeriodEnd, row?.PaidUntil, row?.ProviderId),
                string.Create(CultureInfo.InvariantCulture, $"{bench.Engine.BalanceOf(account)}, {orders} orders, {row} after {told}"));
        }

        // And the months that are over are charged by the provider alone.
        bench.Clock.Step(TimeSpan.FromDays(400));
        await bench.Get<SubscriptionRenewal>().RenewAsync(default);
        Assert.Equal(3L * Most, await bench.ScalarAsync<long>("select count(*) from orders"));
        Assert.Equal(0, await bench.ScalarAsync<long>("select count(*) from sandbox_payments where status = 'paid'"));
        Assert.Empty(bench.Errors.Lines);
    }

    private static async Task EachOrderAsync(
        Func<StripeSays, string[]> tell, string books, Func<StripeSays, string>? before = null, long spent = 0)
    {
        await using var bench = await MoneyBench.OpenAsync();
        var package = await bench.AddPackageAsync();
        var random = new Random(14);
        foreach (var (i, order) in Orders(tell(new StripeSays("", "")).Length, random).Index())
        {
            var account = await bench.AddAccountAsync();
            var terms = new CheckoutTerms("stripe", "https://shop.example/ok", "https://shop.example/no", "http://gateway");
            var row = (await bench.Checkout.SellPackageAsync(account, package.Id, null, terms, default)).Order!;
            var says = new StripeSays($"{i}", row.Reference);
            if (before is not null)
            {
                await StripeSays.DeliverAsync(bench, before(says));
                bench.Engine.Spend(account, spent);
            }

            var events = tell(says);
            var told = await TellAsync(bench, order.Select(place => events[place]), random);

            Assert.True(books == await BooksAsync(bench, account, row.Id), $"{await BooksAsync(bench, account, row.Id)} after {told}");
        }

        Assert.Empty(bench.Errors.Lines);
    }

    private static async Task<string> BooksAsync(MoneyBench bench, long account, long order)
    {
        var owed = await bench.ScalarAsync<long>(
            "select coalesce(sum(open), 0)::bigint from debts where account_id = @account", new { account });
        var waiting = await bench.ScalarAsync<long>("select count(*) from reversal_movements where status = 'pending'");
        var row = await bench.OrderAsync(order);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{bench.Engine.BalanceOf(account)} owed {owed + waiting}, order {row.Status}, reversed {row.ReversedCredits}");
    }

    /// <summary>Each event once to three times, the repeats wherever they fall.</summary>
    private static async Task<string> TellAsync(MoneyBench bench, IEnumerable<string> events, Random random)
    {
        var told = new List<string>();
        foreach (var body in events)
        {
            told.Insert(told.Count, body);
            for (var i = random.Next(3); i > 0; i--)
            {
                told.Insert(random.Next(told.IndexOf(body), told.Count) + 1, body);
            }
        }

        foreach (var body in told)
        {
            await StripeSays.DeliverAsync(bench, body);
        }

        await bench.SweepAsync();
        await bench.Get<OverdueReversals>().BookAsync(default);
        await bench.Get<PayoutSweeper<MovementRow>>().SweepAsync(default);
        return string.Join('\n', told);
    }

    private static IEnumerable<int[]> Orders(int count, Random random)
    {
        int[] all = [.. Enumerable.Range(0, count)];
        return count <= 5 ? Permutations(all) : Enumerable.Range(0, Most).Select(_ => Shuffled(all, random));
    }

    private static T[] Shuffled<T>(T[] items, Random random)
    {
        T[] copy = [.. items];
        random.Shuffle(copy);
        return copy;
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));
}
