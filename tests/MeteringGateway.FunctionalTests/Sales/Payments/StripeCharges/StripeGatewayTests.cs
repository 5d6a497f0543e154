using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MeteringGateway.FunctionalTests.Sales.Payments.StripePeers;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Stripe;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripeCharges;

/// <summary>
/// A real gateway, with the double in Stripe's place and its webhooks on the wire, each delivered twice: what was charged is credited once.
/// </summary>
public sealed class StripeGatewayTests(StripeGateway world) : IClassFixture<StripeGateway>
{
    [Fact]
    public async Task SavedCard_ChargedForATopUp_IsCreditedOnceAndARefusalLeadsToAPage()
    {
        var (account, session) = await world.NewCustomerAsync();
        world.Stripe.Complete(await world.OpenPageAsync(session, new { type = "setup" }), "visa");
        var method = "";
        await Eventually.TrueAsync(
            async () => (method = await MethodAsync(session)) is not "", () => "no method was saved");

        var paid = await TopUpAsync(session);
        world.Stripe.Turn(method, "chargeCustomerFail");
        var declined = await TopUpAsync(session);
        world.Stripe.Turn(method, "authenticationRequired");
        var needed = await TopUpAsync(session);
        world.Stripe.Complete(needed.Json.GetProperty("redirect_url").GetString()!.Split('/')[^1], "mastercard");
        await world.Stripe.SettledAsync();

        Assert.Equal(HttpStatusCode.OK, paid.Status);
        Assert.Equal((HttpStatusCode.BadRequest, "payment_declined"), (declined.Status, declined.Code));
        Assert.Equal((HttpStatusCode.BadRequest, "payment_required"), (needed.Status, needed.Code));
        Assert.Equal([1000, 1000], (await world.EntriesAsync(account, 2)).Select(entry => entry.CreditsDelta));
        await world.AssertChargedAsync(account, 1000, 1000);
    }

    [Fact]
    public async Task Package_WhoseEventsComeBackwardsAndTwice_IsCreditedOnce()
    {
        var (account, session) = await world.NewCustomerAsync();
        var page = await world.OpenPageAsync(session, new { type = "package", package_slug = StripeGateway.Package });
        IReadOnlyList<System.Text.Json.Nodes.JsonObject> events;
        using (world.Withhold())
        {
            var before = world.Stripe.Events().Count;
            world.Stripe.Complete(page);
            events = [.. world.Stripe.Events().Skip(before)];
        }

        foreach (var made in events.Reverse().Concat(events))
        {
            Assert.Equal(200, await world.Stripe.DeliverAsync(made, world.Target));
        }

        Assert.Equal([2500], (await world.EntriesAsync(account, 1)).Select(entry => entry.CreditsDelta));
        await world.AssertChargedAsync(account, 2500);
    }

    [Fact]
    public async Task Plan_OverThreeMonthsAndARefund_IsChargedByStripeAlone()
    {
        var (account, session) = await world.NewCustomerAsync();
        var page = await world.OpenPageAsync(
            session, new { type = "subscription", plan_id = await world.AddPlanAsync(999, 5000), billing = "monthly" });
        world.Stripe.Complete(page);
        await world.EntriesAsync(account, 1);
        var subscription = world.Stripe.Get(page)["subscription"]!.ToString();
        world.Stripe.BillNext(subscription);
        await world.EntriesAsync(account, 2);
        world.Stripe.BillNext(subscription);
        await world.EntriesAsync(account, 3);
        var canceled = await world.Gateway.Client.SendAsync(HttpMethod.Post, "subscription/cancel", session, JsonContent.Create(new { }));
        canceled.ExpectSuccess();
        Assert.True((bool)world.Stripe.Get(subscription)["cancel_at_period_end"]!);
        Assert.Null(world.Stripe.BillNext(subscription));
        var last = world.ChargedOf(account)[^1];
        world.Stripe.Refund(last.IntentId);

        var entries = await world.EntriesAsync(account, 4);
        Assert.Equal([5000, 5000, 5000, -5000], entries.Select(entry => entry.CreditsDelta));
        Assert.StartsWith("refund:re_", entries[3].EntryId, StringComparison.Ordinal);
        await world.AssertChargedAsync(account, 999, 999, 999);
    }

    /// <summary>The webhook's address was wrong for a while: what happened meanwhile is in Stripe's own list.</summary>
    [Fact]
    public async Task Refund_ThatNoWebhookBrought_IsFoundAtTheNextStart()
    {
        var (account, session) = await world.NewCustomerAsync();
        world.Stripe.Complete(await world.OpenPageAsync(session, new { type = "package", package_slug = StripeGateway.Package }));
        await world.EntriesAsync(account, 1);
        using (world.Withhold())
        {
            world.Stripe.Refund(world.ChargedOf(account)[0].IntentId, 1000);
        }

        await using var next = await world.StartAsync();

        Assert.Equal([2500, -1000], (await world.EntriesAsync(account, 2)).Select(entry => entry.CreditsDelta));
    }

    /// <summary>Whatever else happens on the same account of Stripe's: taken, and nobody gets anything for it.</summary>
    [Fact]
    public async Task Events_OfSomebodyElse_AreTakenAndChangeNothing()
    {
        var (entries, orders) = (await world.CountAsync("ledger_entries"), await world.CountAsync("orders"));
        var before = world.Stripe.Delivered.Count;

        await StripeLife.LiveAsync(world.Stripe);
        await world.Stripe.SettledAsync();

        Assert.All(world.Stripe.Delivered.Skip(before), one => Assert.True(one.Status == 200, $"{one.Type}: {one.Status}"));
        Assert.True((await world.Gateway.Client.VerifyLedgerAsync()).GetProperty("ok").GetBoolean());
        Assert.Equal(entries, await world.CountAsync("ledger_entries"));
        Assert.Equal(orders, await world.CountAsync("orders"));
        Assert.DoesNotContain(world.Stripe.ApiKey, world.Gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Target.Secret, world.Gateway.Log, StringComparison.Ordinal);
    }

    private Task<GatewayAnswer> TopUpAsync(string session) => world.Gateway.Client.SendAsync(
        HttpMethod.Post, "api/credits/top-up", session, JsonContent.Create(new { amountInUsdCents = 1000 }));

    private async Task<string> MethodAsync(string session) =>
        (await world.Gateway.Client.SendAsync(HttpMethod.Get, "api/me/payment-methods", session, null)).ExpectSuccess()
            .GetProperty("payment_methods").EnumerateArray().Select(method => method.GetProperty("id").GetString()!).FirstOrDefault() ?? "";
}

/// <summary>One gateway and one double for all of them.</summary>
public sealed class StripeGateway : IAsyncLifetime
{
    public const string Package = "pack-2500";

    private Stores? _stores;
    private StripeDouble? _stripe;
    private GatewayProcess? _gateway;

    public StripeDouble Stripe => _stripe!;
    public GatewayProcess Gateway => _gateway!;
    public StripeWebhookTarget Target => new(new Uri(Gateway.Address, "payment/webhook/stripe"), "whsec_gateway", Times: 2);

    public async Task InitializeAsync()
    {
        (_stores, _stripe) = (await Stores.StartAsync(), await StripeDouble.StartAsync());
        _gateway = await StartAsync();
        Stripe.Webhook = Target;
        (await Gateway.Client.AdminAsync(
            HttpMethod.Post, "admin/catalog/packages", new { slug = Package, name = "Pack", credits = 2500, price_cents = 2500 }))
            .Expect(HttpStatusCode.Created);
    }

    public async Task DisposeAsync()
    {
        Stripe.Webhook = null;
        await Gateway.DisposeAsync();
        await Stripe.DisposeAsync();
        await _stores!.DisposeAsync();
    }

    internal Task<GatewayProcess> StartAsync() => GatewayProcess.StartAsync(_stores!, new
    {
        ReverseProxy = new { Clusters = new { a = new { Destinations = new { a = new { Address = "http://127.0.0.1:1" } } } } },
        Surfaces = new { search = new { Price = new { Credits = 2 }, Providers = new[] { "a" } } },
        Payments = new { Stripe = new { Stripe.ApiKey, ApiBase = Stripe.Address, WebhookSecret = "whsec_gateway" } },
    });

    internal async Task<(long Account, string Session)> NewCustomerAsync()
    {
        var account = await Gateway.Client.CreateAccountAsync();
        var session = (await Gateway.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions")).ExpectSuccess();
        return (account, session.GetProperty("session").GetString()!);
    }

    internal async Task<string> AddPlanAsync(long cents, long credits)
    {
        var plan = new { name = $"Plan {Guid.NewGuid():N}", price_monthly = cents, credits_included = credits };
        return (await Gateway.Client.AdminAsync(HttpMethod.Post, "admin/billing/plans", plan)).ExpectSuccess()
            .GetProperty("data").GetProperty("id").GetString()!;
    }

    /// <summary>The id of the session whose page the customer is sent to.</summary>
    internal async Task<string> OpenPageAsync(string session, object wanted)
    {
        var body = JsonSerializer.SerializeToNode(wanted)!.AsObject();
        (body["channel"], body["success_url"], body["cancel_url"]) = ("stripe", "https://shop.example/ok", "https://shop.example/no");
        var answer = await Gateway.Client.SendAsync(HttpMethod.Post, "payment/create-session", session, JsonContent.Create(body));
        return answer.ExpectSuccess().GetProperty("data").GetProperty("redirect_url").GetString()!.Split('/')[^1];
    }

    internal Withheld Withhold()
    {
        Stripe.Webhook = null;
        return new Withheld(this);
    }

    internal Task<IReadOnlyList<BookEntry>> EntriesAsync(long account, int count) => _stores!.Books.AwaitEntriesAsync(account, count);

    internal IReadOnlyList<StripePayment> ChargedOf(long account) =>
        [.. Stripe.Ledger().Where(payment => payment.Customer is { } customer
            && Stripe.Get(customer)["metadata"]!["account"]?.ToString().EndsWith($":account:{account}", StringComparison.Ordinal) == true)];

    /// <summary>Once everything is told, and told again: these payments, and no entry more than they and their reversals have.</summary>
    internal async Task AssertChargedAsync(long account, params long[] cents)
    {
        var entries = await _stores!.Books.EntriesAsync(account);
        await Stripe.SettledAsync();
        Assert.Equal(cents, ChargedOf(account).Select(payment => payment.Amount));
        Assert.Equal(entries.Count, (await _stores.Books.EntriesAsync(account)).Count);
        Assert.Empty(await _stores.Books.ProblemsAsync());
    }

    internal async Task<long> CountAsync(string rows)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(_stores!.PostgresConnection);
        await using var command = database.CreateCommand($"select count(*) from {rows}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    internal sealed class Withheld(StripeGateway world) : IDisposable
    {
        public void Dispose() => world.Stripe.Webhook = world.Target;
    }
}
