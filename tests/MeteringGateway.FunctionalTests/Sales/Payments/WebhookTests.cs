using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.PaymentEvents;
using MeteringGateway.Sales.Payments.Creem;
using MeteringGateway.Sales.Payments.Stripe;
using MeteringGateway.Sales.Subscriptions;
using MeteringGateway.Telemetry;
using MeteringGateway.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MeteringGateway.FunctionalTests.Sales.Payments;

public sealed class WebhookTests
{
    [Fact]
    public async Task Stripe_SameEventTwentyTimesAtOnce_CreditsOnce()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, order) = await OpenPageAsync(bench, StripeWebhook.Name);
        var body = Checkout("evt_1", order.Reference);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(bench, body)));
        var intent = Intent("evt_2", order.Reference);
        answers = [.. answers, await SendAsync(bench, intent)];

        Assert.All(answers, answer => Assert.Equal(WebhookStatus.Received, answer));
        Assert.Equal(
            (250, "fulfilled", "pi_1"),
            (bench.Engine.BalanceOf(account), (await bench.OrderAsync(order.Id)).Status, (await bench.OrderAsync(order.Id)).PaymentId));
        Assert.Equal(2, await bench.ScalarAsync<long>("select count(*) from payment_events where outcome in ('Paid', 'NothingToDo')"));
    }

    [Fact]
    public async Task Stripe_EngineAwayThenRepeat_IsFinishedByTheRepeat()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, order) = await OpenPageAsync(bench, StripeWebhook.Name);
        bench.Engine.IsAway = true;
        Assert.Equal(WebhookStatus.Received, await SendAsync(bench, Checkout("evt_1", order.Reference)));
        Assert.Equal((0, "paid"), (bench.Engine.BalanceOf(account), (await bench.OrderAsync(order.Id)).Status));

        bench.Engine.IsAway = false;
        await SendAsync(bench, Checkout("evt_1", order.Reference));
        Assert.Equal((250, "fulfilled"), (bench.Engine.BalanceOf(account), (await bench.OrderAsync(order.Id)).Status));
    }

    [Theory]
    [InlineData("wrong secret")]
    [InlineData("too old")]
    [InlineData("from the future")]
    [InlineData("other body")]
    [InlineData("none")]
    [InlineData("other scheme")]
    public async Task Stripe_WrongSignature_ChangesNothing(string fault)
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, order) = await OpenPageAsync(bench, StripeWebhook.Name);
        var body = Checkout("evt_1", order.Reference);
        var now = bench.Clock.GetUtcNow();
        var header = fault switch
        {
            "wrong secret" => Header(body, now, "whsec_other"),
            "too old" => Header(body, now.AddSeconds(-301)),
            "from the future" => Header(body, now.AddSeconds(301)),
            "other body" => Header(body + " ", now),
            "other scheme" => Header(body, now).Replace("v1=", "v0=", StringComparison.Ordinal),
            _ => null,
        };

        var answer = await bench.ReceiveAsync(StripeWebhook.Name, header, Encoding.UTF8.GetBytes(body));

        Assert.Equal((WebhookStatus.BadSignature, 0), (answer, bench.Engine.BalanceOf(account)));
        Assert.Equal(
            ("pending", 0),
            ((await bench.OrderAsync(order.Id)).Status, await bench.ScalarAsync<long>("select count(*) from payment_events")));
    }

    [Fact]
    public async Task Stripe_EachDelivery_IsCountedByWhatCameOfIt()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var registry = bench.Get<PrometheusRegistry>();
        var (_, order) = await OpenPageAsync(bench, StripeWebhook.Name);

        await SendAsync(bench, Checkout("evt_1", order.Reference));
        await SendAsync(bench, Checkout("evt_1", order.Reference));
        await SendAsync(bench, Intent("evt_2", order.Reference, "pi_2"));

        using var text = new MemoryStream();
        await registry.WriteAsync(text, default);
        var lines = Encoding.UTF8.GetString(text.ToArray()).Split('\n');
        Assert.Equal(
            ["paid\"} 1", "repeated\"} 1", "second_payment\"} 1"],
            from outcome in new[] { "paid", "repeated", "second_payment" }
            from line in lines
            where line.StartsWith($"metering_payment_events_total{{channel=\"stripe\",outcome=\"{outcome}", StringComparison.Ordinal)
            select line[line.IndexOf(outcome, StringComparison.Ordinal)..]);
    }

    [Theory]
    [InlineData(1, "usd", "true", "WrongAmount")]
    [InlineData(2500, "eur", "true", "WrongAmount")]
    [InlineData(2500, "usd", "false", "WrongMode")]
    public async Task Stripe_EventThatDoesNotFitTheOrder_CreditsNothing(long amount, string currency, string live, string outcome)
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, order) = await OpenPageAsync(bench, StripeWebhook.Name);

        await SendAsync(bench, Checkout("evt_1", order.Reference, amount, currency, live));

        Assert.Equal((0, "pending", outcome), (
            bench.Engine.BalanceOf(account), (await bench.OrderAsync(order.Id)).Status,
            await bench.ScalarAsync<string>("select outcome from payment_events")));
    }

    [Fact]
    public async Task Stripe_PaidAfterItExpired_StillCredits()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, order) = await OpenPageAsync(bench, StripeWebhook.Name);
        await SendAsync(bench, Checkout("evt_1", order.Reference, type: "checkout.session.expired"));
        Assert.Equal("canceled", (await bench.OrderAsync(order.Id)).Status);

        await SendAsync(bench, Checkout("evt_2", order.Reference));
        await SendAsync(bench, Checkout("evt_3", order.Reference, type: "checkout.session.expired"));
        Assert.Equal((250, "fulfilled"), (bench.Engine.BalanceOf(account), (await bench.OrderAsync(order.Id)).Status));
    }

    [Fact]
    public async Task Stripe_SecondPaymentOrPaymentOfAnotherOrder_IsSetAside()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, order) = await OpenPageAsync(bench, StripeWebhook.Name);
        var (other, second) = await OpenPageAsync(bench, StripeWebhook.Name, "other");
        await SendAsync(bench, Checkout("evt_1", order.Reference));
        await SendAsync(bench, Intent("evt_2", order.Reference, "pi_2"));
        await SendAsync(bench, Intent("evt_3", second.Reference, "pi_1"));
        await SendAsync(bench, Intent("evt_4", "order:4711", "pi_4"));
        await SendAsync(bench, Intent("evt_5", "nonsense", "pi_5"));

        Assert.Equal((250, 0), (bench.Engine.BalanceOf(account), bench.Engine.BalanceOf(other)));
        Assert.Equal(
            "Paid,SecondPayment,PaymentOfAnotherOrder,UnknownOrder,UnknownOrder",
            await bench.ScalarAsync<string>("select string_agg(outcome, ',' order by event_id) from payment_events"));
        Assert.Equal(4, bench.Errors.Lines.Count);
    }

    [Fact]
    public async Task Stripe_TwoPaymentsOfOneOrderAtOnce_AreOnePaidAndOneSecondPayment()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, order) = await OpenPageAsync(bench, StripeWebhook.Name);
        Task<WebhookStatus[]> both;
        await using (var connection = await bench.Books.OpenConnectionAsync())
        await using (var noMove = await connection.BeginTransactionAsync())
        {
            // Both have seen the order pending before either may move it.
            await connection.ExecuteAsync("select from orders for no key update", transaction: noMove);
            both = Task.WhenAll(
                SendAsync(bench, Intent("evt_1", order.Reference)), SendAsync(bench, Intent("evt_2", order.Reference, "pi_2")));
            await Eventually.TrueAsync(
                async () => await bench.ScalarAsync<long>(
                    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == 2,
                () => "the two did not meet");
        }

        Assert.Equal([WebhookStatus.Received, WebhookStatus.Received], await both);
        Assert.Equal((250, "fulfilled"), (bench.Engine.BalanceOf(account), (await bench.OrderAsync(order.Id)).Status));
        Assert.Equal(
            "Paid,SecondPayment", await bench.ScalarAsync<string>("select string_agg(outcome, ',' order by outcome) from payment_events"));
        Assert.Contains("SecondPayment", Assert.Single(bench.Errors.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("checkout.session.completed", "order", true)]
    [InlineData("checkout.session.expired", "order", false)]
    [InlineData("payment_intent.created", "order", false)]
    [InlineData("checkout.session.completed", "", false)]
    public async Task Stripe_EventOfTheOtherMode_IsShownWhereMoneyCameIn(string type, string reference, bool isShown)
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, order) = await OpenPageAsync(bench, StripeWebhook.Name);
        var body = Checkout("evt_1", order.Reference, live: "false", type: type);

        await SendAsync(
            bench,
            reference.Length > 0 ? body : body.Replace($"\"client_reference_id\":\"{order.Reference}\",", "", StringComparison.Ordinal));

        Assert.Equal((0, "pending"), (bench.Engine.BalanceOf(account), (await bench.OrderAsync(order.Id)).Status));
        Assert.Equal(isShown ? ["WrongMode"] : [], bench.Errors.Lines.Select(line => line.Split(' ')[^1]));
    }

    [Fact]
    public async Task Stripe_OnePaymentForTwoOrdersAtOnce_IsPaidOnceAndPaymentOfAnotherOrder()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, order) = await OpenPageAsync(bench, StripeWebhook.Name);
        var (other, second) = await OpenPageAsync(bench, StripeWebhook.Name, "other");
        Task<WebhookStatus[]> both;
        await using (var connection = await bench.Books.OpenConnectionAsync())
        await using (var noMove = await connection.BeginTransactionAsync())
        {
            // Both have seen the payment as nobody's before either may note it.
            await connection.ExecuteAsync("select from orders for no key update", transaction: noMove);
            both = Task.WhenAll(SendAsync(bench, Intent("evt_1", order.Reference)), SendAsync(bench, Intent("evt_2", second.Reference)));
            await Eventually.TrueAsync(
                async () => await bench.ScalarAsync<long>(
                    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == 2,
                () => "the two did not meet");
        }

        Assert.Equal([WebhookStatus.Received, WebhookStatus.Received], await both);
        Assert.Equal(250, bench.Engine.BalanceOf(account) + bench.Engine.BalanceOf(other));
        Assert.Equal(
            "Paid,PaymentOfAnotherOrder",
            await bench.ScalarAsync<string>("select string_agg(outcome, ',' order by outcome) from payment_events"));
        Assert.Contains("PaymentOfAnotherOrder", Assert.Single(bench.Errors.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cart-77", "{order}", 250)]
    [InlineData("{order}", "cart-77", 250)]
    [InlineData("order:4711", "{order}", 250)]
    [InlineData("{order}", "order:4711", 250)]
    [InlineData("order:1\\u0000", "{order}", 250)]
    [InlineData("", "{order}", 250)]
    [InlineData("cart-77", "order:0{id}", 0)]
    [InlineData("cart-77", "Order:{id}", 0)]
    [InlineData("cart-77", "order:{id} ", 0)]
    public async Task Stripe_ReferenceOfSomebodyElse_DoesNotHideOurs(string clientReference, string metadata, long credits)
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, order) = await OpenPageAsync(bench, StripeWebhook.Name);
        var id = order.Id.ToString(CultureInfo.InvariantCulture);
        string Fill(string text) =>
            text.Replace("{order}", order.Reference, StringComparison.Ordinal).Replace("{id}", id, StringComparison.Ordinal);
        var body = Checkout("evt_1", Fill(clientReference)).Replace(
            "\"payment_status\"", $"\"metadata\":{{\"order\":\"{Fill(metadata)}\"}},\"payment_status\"", StringComparison.Ordinal);

        Assert.Equal(WebhookStatus.Received, await SendAsync(bench, body));

        Assert.Equal(credits, bench.Engine.BalanceOf(account));
        Assert.Equal(credits == 0 ? ["UnknownOrder"] : [], bench.Errors.Lines.Select(line => line.Split(' ')[^1]));
    }

    [Fact]
    public async Task Stripe_TwoOrdersOfOurs_TheOneInTheMetadataIsPaid()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, order) = await OpenPageAsync(bench, StripeWebhook.Name);
        var (other, second) = await OpenPageAsync(bench, StripeWebhook.Name, "other");
        var body = Checkout("evt_1", second.Reference).Replace(
            "\"payment_status\"", $"\"metadata\":{{\"order\":\"{order.Reference}\"}},\"payment_status\"", StringComparison.Ordinal);

        await SendAsync(bench, body);

        Assert.Equal((250, 0), (bench.Engine.BalanceOf(account), bench.Engine.BalanceOf(other)));
    }

    [Fact]
    public async Task Stripe_ControlSigns_NeverReachTheLog()
    {
        await using var bench = await MoneyBench.OpenAsync();
        await OpenPageAsync(bench, StripeWebhook.Name);

        await SendAsync(bench, Checkout("evt_1", "order:1\\r\\n\\u001b[2J\\u2028\\u0085critical: all is lost"));

        var line = Assert.Single(bench.Errors.Lines);
        Assert.DoesNotContain(line, sign => sign is < ' ' or > '~');
        Assert.Contains("\\u001b[2J\\u2028\\u0085critical", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"id\":\"evt\\u0000\",\"type\":\"x\"}")]
    [InlineData("{\"id\":\"evt\\r\\n\",\"type\":\"x\"}")]
    [InlineData("{\"id\":\"evt\",\"type\":\"payment_intent.succeeded\\u0000\"}")]
    [InlineData("{\"id\":\"evt\",\"type\":\"payment_intent.succeeded\",\"data\":{\"object\":{\"id\":\"pi_\\u0000\"}}}")]
    [InlineData("{\"id\":\"evt\"}")]
    [InlineData("{\"id\":1,\"type\":\"x\"}")]
    [InlineData("{\"id\":\"\\ud800\",\"type\":\"x\"}")]
    public async Task Stripe_SignedNonsense_IsNoEvent(string body)
    {
        await using var bench = await MoneyBench.OpenAsync();
        Assert.Equal(WebhookStatus.NotAnEvent, await SendAsync(bench, body));
        Assert.Equal(0, await bench.ScalarAsync<long>("select count(*) from payment_events"));
    }

    [Fact]
    public async Task Creem_PaidCheckout_CreditsOnceAndOnlyWithItsSignature()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (account, order) = await OpenPageAsync(bench, CreemWebhook.Name);
        var body = $$$$"""
            {"id":"evt_1","eventType":"checkout.completed","object":{"id":"ch_1","request_id":"{{{{order.Reference}}}}","mode":"live",
             "order":{"id":"ord_1","amount":2500,"currency":"USD","status":"paid"}}}
            """;
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData("creem_test"u8, Encoding.UTF8.GetBytes(body)));

        Assert.Equal(WebhookStatus.BadSignature, await SendAsync(signature, body + "\n"));
        Assert.Equal(WebhookStatus.BadSignature, await SendAsync(new string('z', 64), body));
        Assert.Equal(0, bench.Engine.BalanceOf(account));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(signature, body)));
        Assert.Equal((250, "ord_1"), (bench.Engine.BalanceOf(account), (await bench.OrderAsync(order.Id)).PaymentId));

        Task<WebhookStatus> SendAsync(string sign, string sent) =>
            bench.ReceiveAsync(CreemWebhook.Name, sign, Encoding.UTF8.GetBytes(sent));
    }

    [Fact]
    public async Task Secret_Missing_ClosesTheEndpoint()
    {
        await using var bench = await MoneyBench.OpenAsync(more: services => services
            .AddSingleton(Options.Create(new StripeOptions { WebhookSecret = "" })).AddSingleton(Options.Create(new CreemOptions())));
        var body = "{}"u8.ToArray();
        var (stripe, creem) = (
            Header("{}", bench.Clock.GetUtcNow(), ""), Convert.ToHexStringLower(HMACSHA256.HashData(Array.Empty<byte>(), body)));

        Assert.Equal(WebhookStatus.Disabled, await bench.ReceiveAsync(StripeWebhook.Name, stripe, body));
        Assert.Equal(WebhookStatus.Disabled, await bench.ReceiveAsync(CreemWebhook.Name, creem, body));
    }

    private static async Task<(long Account, OrderRow Order)> OpenPageAsync(MoneyBench bench, string channel, string slug = "starter-250")
    {
        var (account, package) = (await bench.AddAccountAsync(), await bench.AddPackageAsync(slug));
        var terms = new CheckoutTerms(channel, "https://shop.example/ok", "https://shop.example/no", "http://gateway");
        var reply = await bench.Checkout.SellPackageAsync(account, package.Id, null, terms, default);
        Assert.Equal(OrderOutcome.Pending, reply.Outcome);
        return (account, reply.Order!);
    }

    private static Task<WebhookStatus> SendAsync(MoneyBench bench, string body) =>
        bench.ReceiveAsync(StripeWebhook.Name, Header(body, bench.Clock.GetUtcNow()), Encoding.UTF8.GetBytes(body));

    private static string Header(string body, DateTimeOffset at, string secret = "whsec_test")
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var right = Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}")));
        return $"t={seconds},v1={new string('0', 64)},v1={right}";
    }

    private static string Checkout(string id, string reference, long amount =
        2500, string currency = "usd", string live = "true", string type = "checkout.session.completed") => $$$$"""
        {"id":"{{{{id}}}}","type":"{{{{type}}}}","livemode":{{{{live}}}},"data":{"object":{"id":"cs_1","client_reference_id":"{{{{reference}}}}","payment_intent":"pi_1",
         "payment_status":"paid","amount_total":{{{{amount}}}},"currency":"{{{{currency}}}}"}}}
        """;

    private static string Intent(string id, string reference, string payment = "pi_1") => $$$$"""
        {"id":"{{{{id}}}}","type":"payment_intent.succeeded","livemode":true,"data":{"object":{"id":"{{{{payment}}}}","amount_received":2500,"currency":"usd","metadata":{"order":"{{{{reference}}}}" } } } }
        """;
}
