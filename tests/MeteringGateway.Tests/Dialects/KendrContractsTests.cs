using System.Collections.Frozen;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Dialects.Kendr;
using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Tests.Dialects;

public sealed class KendrContractsTests
{
    private static readonly OrderRow s_order = new()
    {
        Id = 7,
        Kind = OrderKind.Package,
        Status = OrderStatus.Fulfilled,
        Credits = 50,
        PriceCents = 2500,
        Currency = "EUR",
        Description = "Package Ten",
        Channel = "stripe",
        PackageId = 3,
        PackageSlug = "ten",
        PackageName = "Ten",
        CreatedAt = Entries.At,
        BalanceAfter = 1050,
    };

    private static readonly FrozenDictionary<string, long> s_sizes =
        new Dictionary<string, long> { ["xl"] = 9, ["s"] = 2 }.ToFrozenDictionary();
    private static readonly FrozenDictionary<string, long> s_each = new Dictionary<string, long> { [""] = 3 }.ToFrozenDictionary();

    /// <summary>
    /// Credits, per, by, the options', usage, credits for a thousand, most: of them only those are set that the price's kind has.
    /// </summary>
    [Fact]
    public void Of_EachPrice_SetsTheFieldsOfItsKind()
    {
        Assert.Equal("5------", Shown(new FlatPrice(5)));
        Assert.Equal("3 count-----", Shown(new OptionPrice("count", null, s_each)));
        Assert.Equal("-- size s=2 xl=9---", Shown(new OptionPrice(null, "size", s_sizes)));
        Assert.Equal("- count size s=2 xl=9---", Shown(new OptionPrice("count", "size", s_sizes)));
        Assert.Equal("---- usage.tokens 2 50", Shown(new UsagePrice("usage.tokens", 2, 50)));
    }

    [Fact]
    public void Wire_EntryAndPurchase_AreInTheDocumentsNames()
    {
        Assert.Equal(
            """{"id":"e-1","credits_delta":-5,"balance_after":1000,"entry_type":"usage","surface":"search","provider":"alpha","descrip"""
            + """tion":"Search (count=3)","created_at":"2026-02-28T23:30:05Z"}""",
            Entries.Wire(KendrEntry.Of(Entries.Of("usage", -5))));
        Assert.Equal(
            """{"id":7,"external_reference":"order:7","kind":"package","package_slug":"ten","package_name":"Ten","credits":"""
            + """50,"price_cents":2500,"currency":"EUR","status":"fulfilled","created_at":"2026-02-28T23:30:05Z"}""",
            Entries.Wire(KendrPurchase.Of(Purchase.Of(s_order))));
    }

    /// <summary>A receipt shows the package as it was bought; its later changes show in the catalog only.</summary>
    [Fact]
    public void Wire_Receipts_HaveThePackageAsItWasBought()
    {
        const string Package = """{"id":3,"slug":"ten","name":"Ten","credits":50,"price_cents":2500,"currency":"EUR"}""";

        Assert.Equal(
            $$"""{"ok":true,"purchase_id":7,"balance_after":1050,"package":{{Package}},"created_at":"now"}""",
            Entries.Wire(new KendrReceipt(true, 7, 1050, KendrSoldPackage.Of(s_order), "now")));
        Assert.Equal(
            $$"""{"ok":true,"purchase_id":7,"status":"paid","balance_after":null,"package":{{Package}},"created_at":"now"}""",
            Entries.Wire(new KendrPendingReceipt(true, 7, "paid", null, KendrSoldPackage.Of(s_order), "now")));
        Assert.Equal(
            """{"id":0,"slug":"","name":"","credits":50,"price_cents":2500,"currency":"EUR"}""",
            Entries.Wire(KendrSoldPackage.Of(s_order with { PackageId = null, PackageSlug = null, PackageName = null })));
    }

    private static string Shown(Price price)
    {
        var shown = KendrSurface.Of(new Surface(
            "search", "Search", null, price, ["alpha"], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), FrozenSet<int>.Empty, 9)).Price;
        var options = shown.CreditsByOption is null
            ? null : string.Join(' ', shown.CreditsByOption.Select(option => $"{option.Key}={option.Value}"));
        object?[] fields = [shown.Credits, shown.Per, shown.By, options, shown.Usage, shown.CreditsPerThousand, shown.MaxCredits];
        return string.Concat(fields.Select(field => field is null ? "-" : $" {field}")).TrimStart();
    }
}
