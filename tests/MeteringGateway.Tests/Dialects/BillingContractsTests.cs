using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Dialects.Billing;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Rewards;
using MeteringGateway.Tests.Http.Requests;
using MeteringGateway.Tests.Sales.Payments;

namespace MeteringGateway.Tests.Dialects;

public sealed class BillingContractsTests
{
    private const string Urls = "\"success_url\":\"https://example.com/ok\",\"cancel_url\":\"https://example.com/no\"";

    private static readonly PaymentChannels s_channels = PaymentChannelsTests.Channels("sandbox", true);

    private static readonly OrderRow s_order = new()
    {
        Id = 7,
        Kind = OrderKind.Package,
        Status = OrderStatus.Pending,
        Credits = 50,
        PriceCents = 2500,
        Currency = "EUR",
        Description = "Package Ten",
        Channel = "stripe",
        PaymentUrl = "https://pay.example/1",
        CreatedAt = Entries.At,
    };

    [Fact]
    public void Wire_Transaction_IsInTheDocumentsNames() => Assert.Equal(
        """{"success":true,"data":{"id":"e-1","type":"ai_usage","amount":-5,"description":"","created_at":"2026-02-28T23:30:05Z"}}""",
        Entries.Wire(new BillingAnswer<BillingTransaction>(true, BillingTransaction.Of(Entries.Of("usage", -5, description: null)))));

    [Fact]
    public void Wire_Order_LeadsToItsPageUntilItIsSettled()
    {
        const string Before = """{"id":"7","type":"package","status":""";
        const string Middle =
            ""","description":"Package Ten","credits":50,"amount":2500,"currency":"EUR","channel":"stripe","redirect_url":""";

        Assert.Equal(
            Before + "\"pending\"" + Middle + "\"https://pay.example/1\",\"created_at\":\"2026-02-28T23:30:05Z\",\"completed_at\":null}",
            Entries.Wire(BillingOrder.Of(Purchase.Of(s_order))));
        Assert.Equal(
            Before + "\"fulfilled\"" + Middle + "null,\"created_at\":\"2026-02-28T23:30:05Z\",\"completed_at\":\"2026-02-28T23:30:06Z\"}",
            Entries.Wire(BillingOrder.Of(Purchase.Of(s_order with
            {
                Status = OrderStatus.Fulfilled,
                SettledAt = Entries.At.AddSeconds(1)
            }))));
    }

    /// <summary>What only the operator should know of a plan stays with him.</summary>
    [Fact]
    public void Wire_Plan_HasNoProductOfAPaymentProvider() => Assert.Equal(
        """{"id":"pro","name":"Pro","description":"","price_monthly":1900,"price_yearly":null,"credits_included":2000,"features":["a"]}""",
        Entries.Wire(BillingPlan.Of(new PlanRow
        {
            Id = "pro",
            Slug = "pro-2026",
            Name = "Pro",
            PriceMonthly = 1900,
            Currency = "EUR",
            CreditsIncluded = 2000,
            Features = ["a"],
            ProductsJson = """[{"channel":"stripe","period":"monthly","product_id":"price_1"}]""",
            Warnings = ["gives too little"],
        })));

    [Theory]
    [InlineData(3, 3)]
    [InlineData(null, 1)]
    public void Wire_CheckIn_HasItsStreakAndTheNextDay(int? streak, int shown)
    {
        var day = new CheckInDay
        {
            Day = new DateOnly(2026, 2, 28),
            Streak = streak,
            NextAt = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero)
        };
        var reward = new RewardRow
        {
            EntryId = "checkin:7",
            Credits = 14,
            EntryType = "checkin",
            Description = "Check-in",
            Status = PayoutStatus.Pending
        };

        Assert.Equal(
            $$"""{"credits":14,"streak":{{shown}},"balance":null,"day":"2026-02-28","next_at":"2026-03-01T00:00:00Z"}""",
            Entries.Wire(BillingCheckIn.Of(new CheckInReply(CheckInStatus.Pending, day, reward))));
    }

    [Theory]
    [InlineData("\"channel\":\"stripe\",\"type\":\"subscription\",\"plan_id\":\"pro\"", "stripe subscription pro monthly  ")]
    [InlineData("\"channel\":\"creem\",\"type\":\"subscription\",\"plan_id\":\"pro\",\"billing\":\"yearly\"",
        "creem subscription pro yearly  ")]
    [InlineData("\"channel\":\"sandbox\",\"type\":\"package\",\"package_id\":3", "sandbox package  monthly 3 ")]
    [InlineData("\"channel\":\"sandbox\",\"type\":\"package\",\"package_slug\":\"ten\"", "sandbox package  monthly  ten")]
    public void Session_Right_IsTaken(string fields, string shown)
    {
        var session = SessionRequest.Read(Body.Fields($"{{{fields},{Urls}}}"), s_channels)!;

        Assert.Equal(
            shown, $"{session.Channel} {session.Type} {session.PlanId} {session.Billing} {session.PackageId} {session.PackageSlug}");
        Assert.Equal(("https://example.com/ok", "https://example.com/no"), (session.SuccessUrl, session.CancelUrl));
    }

    [Theory]
    [InlineData("\"channel\":\"paypal\",\"type\":\"gift\"", "#/channel #/type")]
    [InlineData("\"channel\":\"stripe\",\"type\":\"subscription\"", "#/plan_id")]
    [InlineData("\"channel\":\"stripe\",\"type\":\"package\"", "#/package_id")]
    [InlineData("\"channel\":\"stripe\",\"type\":\"package\",\"package_id\":0", "#/package_id")]
    [InlineData("\"channel\":\"stripe\",\"type\":\"subscription\",\"plan_id\":\"pro\",\"billing\":\"weekly\"", "#/billing")]
    [InlineData("\"channel\":\"stripe\",\"type\":\"package\",\"package_id\":3,\"amount\":1", "#/amount")]
    public void Session_Wrong_NamesAllOfIt(string json, string pointers)
    {
        var fields = Body.Fields($"{{{json},{Urls}}}");

        Assert.Null(SessionRequest.Read(fields, s_channels));
        Assert.Equal(pointers, Body.Pointers(fields.Errors));
    }

    [Fact]
    public void Session_WithoutAPageToComeBackTo_IsNone()
    {
        var fields = Body.Fields("""{"channel":"stripe","type":"package","package_id":3,"success_url":"javascript:alert(1)"}""");

        Assert.Null(SessionRequest.Read(fields, s_channels));
        Assert.Equal("#/success_url #/cancel_url", Body.Pointers(fields.Errors));
    }
}
