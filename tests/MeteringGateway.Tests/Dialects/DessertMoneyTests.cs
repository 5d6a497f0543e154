using System.Collections.Frozen;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Dialects.Dessert;
using MeteringGateway.Sales.AutoRecharge;
using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Tests.Dialects;

public sealed class DessertMoneyTests
{
    /// <summary>A number with a decimal place stays a floating-point one for readers that tell the two apart.</summary>
    [Theory]
    [InlineData(2500, "25.0")]
    [InlineData(2550, "25.5")]
    [InlineData(2501, "25.01")]
    [InlineData(0, "0.0")]
    [InlineData(-1, "-0.01")]
    [InlineData(9_223_372_036_854_775_807, "92233720368547758.07")]
    public void Usd_OnTheWire_AlwaysHasADecimalPlace(long cents, string json) => Assert.Equal(json, Entries.Wire(DessertMoney.Usd(cents)));

    [Theory]
    [InlineData("purchase", 5, """{"price_cents":2500,"currency":"USD"}""", "Package Ten", "Purchase 25.0 Package Ten")]
    [InlineData("purchase", 5, """{"price_cents":2500,"currency":"EUR"}""", "Package Ten", "Purchase null Package Ten")]
    [InlineData("purchase", 5, """{"price_cents":0,"currency":"USD"}""", null, "Purchase null purchase")]
    [InlineData("usage", -5, null, null, "Deduction null usage")]
    public void Of_Entry_ShowsDollarsWhereDollarsMoved(string type, long delta, string? metadata, string? description, string shown)
    {
        var entry = DessertTransaction.Of(Entries.Of(type, delta, metadata, description));

        Assert.Equal(shown, $"{entry.Type} {Entries.Wire(entry.UsdAmount)} {entry.Description}");
        Assert.Equal((delta, 1000L, "2026-02-28T23:30:05.678Z"), (entry.CreditsDelta, entry.BalanceAfter, entry.At));
    }

    [Fact]
    public void Wire_AutoRecharge_IsInTheDocumentsNames()
    {
        var order = new OrderRow
        {
            Kind = OrderKind.AutoRecharge,
            Status = OrderStatus.Declined,
            PriceCents = 2500,
            Currency = "USD",
            Description = "Auto-recharge",
            Channel = "stripe",
            Refusal = "The card has expired.",
            CreatedAt = Entries.At,
        };
        var state = new AutoRechargeState(new AutoRechargeSettings { Enabled = true }, 2500, order, Entries.At, CanPay: true);

        Assert.Equal(
            "{\"auto_recharge_enabled\":true,\"auto_recharge_threshold\":20,\"auto_recharge_amount_usd\":25.0,"
            + "\"auto_recharge_monthly_cap_usd\":100.0,\"auto_recharge_spent_this_month_usd\":25.0,\"auto_recharge_state\":\"waiting\","
            + "\"auto_recharge_next_attempt_at\":\"2026-03-01T00:30:05.678Z\",\"auto_recharge_last_attempt\":{"
            + "\"at\":\"2026-02-28T23:30:05.678Z\",\"status\":\"declined\",\"amount_usd\":25.0,\"reason\":\"The card has expired.\"}}",
            Entries.Wire(DessertAutoRecharge.Of(state, Entries.At)));
    }

    /// <summary>Surfaces by name, options from the cheapest on; what is priced by usage has no cost before the call.</summary>
    [Fact]
    public void Pricing_OfACatalog_ListsWhatHasAPriceBeforeTheCall()
    {
        var catalog = Catalog(
            Surface("ads", new OptionPrice("count", null, new Dictionary<string, long> { [""] = 3 }.ToFrozenDictionary())),
            Surface("image", new OptionPrice(
                null, "size", new Dictionary<string, long> { ["s"] = 2, ["xl"] = 9, ["m"] = 2 }.ToFrozenDictionary())),
            Surface("llm", new UsagePrice("usage", 2, 50)),
            Surface("search", new FlatPrice(5)));

        Assert.Equal(
            """{"credit_usd":0.004,"ads_credits":3,"m_image_credits":2,"s_image_credits":2,"xl_image_credits":9,"search_credits":5}""",
            Entries.Wire(DessertPricing.Of(catalog, new CreditPrice(0.004m))));
    }

    private static Surface Surface(string slug, Price price) => new(
        slug, slug, null, price, ["alpha"], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), FrozenSet<int>.Empty, 1000);

    private static SurfaceCatalog Catalog(params Surface[] surfaces) => new(
        surfaces.ToFrozenDictionary(surface => surface.Slug), [.. surfaces.Select(surface => surface.Slug)],
        FrozenDictionary<string, Provider>.Empty, 1000);
}
