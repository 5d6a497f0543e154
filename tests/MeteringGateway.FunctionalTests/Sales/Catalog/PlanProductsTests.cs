using Dapper;
using MeteringGateway.FunctionalTests.Ledger;
using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Schema;
using MeteringGateway.Sales.Catalog;

namespace MeteringGateway.FunctionalTests.Sales.Catalog;

[Collection(LedgerTestGroup.Name)]
public sealed class PlanProductsTests(LedgerPostgres postgres)
{
    [Fact]
    public async Task Products_OfTheVersionBefore_AreTakenOver()
    {
        await using var database = await postgres.NewDatabaseAsync();
        Assert.Null((await new Migrator(database, [.. Migration.Embedded().Where(IsBefore)]).RunAsync(default)).Refusal);
        await using (var connection = await database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                """
                insert into plans (
                  id, slug, name, price_monthly, currency, credits_included, stripe_price_monthly, stripe_price_yearly, creem_product_id)
                values
                  ('a', 'a', 'A', 1, 'USD', 1, 'price_m', 'price_y', 'prod_1'),
                  ('b', 'b', 'B', 1, 'USD', 1, null, 'price: "y" \', null),
                  ('c', 'c', 'C', 1, 'USD', 1, null, null, null)
                """);
        }

        Assert.Null((await new Migrator(database, Migration.Embedded()).RunAsync(default)).Refusal);

        var plans = (await new CatalogStore(database).PlansAsync(true, default)).ToDictionary(plan => plan.Id);
        Assert.Equal(("price_m", "price_y", "prod_1"), Fields(plans["a"]));
        Assert.Equal((null, "price: \"y\" \\", null), Fields(plans["b"]));
        Assert.Empty(plans["c"].Products());
        Assert.Equal(["price_m", "price_y"], new[] { "monthly", "yearly" }.Select(billing => plans["a"].ProductFor("stripe", billing)));
        Assert.Equal(["prod_1", "prod_1"], new[] { "monthly", "yearly" }.Select(billing => plans["a"].ProductFor("creem", billing)));
        Assert.Null(plans["a"].ProductFor("sandbox", "monthly"));
    }

    [Fact]
    public async Task Products_ChangedTogether_LeaveThoseOfOthersAlone()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (plan, other) = (await bench.AddPlanAsync(creem: "prod_1"), await bench.AddPlanAsync("other", creem: "prod_2"));

        PlanProduct[] wanted = [new("stripe", "monthly", "price_m"), new("paddle", "any", "pro_1")];
        var changed = await ChangeAsync(bench, plan, wanted);
        Assert.Equal(wanted.OrderBy(product => product.Channel, StringComparer.Ordinal), changed.Products());
        Assert.Equal("price_m", changed.StripePriceMonthly);
        await ChangeAsync(bench, plan, [new("stripe", "monthly", "price_n")]);

        var store = bench.Get<CatalogStore>();
        Assert.Equal([new PlanProduct("stripe", "monthly", "price_n")], (await store.FindPlanAsync(plan.Id, default))!.Products());
        Assert.Equal((null, null, "prod_2"), Fields((await store.FindPlanAsync(other.Id, default))!));
    }

    [Fact]
    public async Task Products_ChangedManyTimesAtOnce_LoseNone()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var plan = await bench.AddPlanAsync();
        var editor = bench.Get<CatalogEditor>();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => editor.ChangeAsync(
            CatalogEditor.Plans,
            plan.Id,
            row => row with { ProductsJson = PlanProduct.Write([.. row.Products(), new PlanProduct($"channel{i}", PlanProduct.Any, "x")]) },
            Caller.Operator,
            default)));

        Assert.Equal(10, (await bench.Get<CatalogStore>().FindPlanAsync(plan.Id, default))!.Products().Count);
    }

    private static bool IsBefore(Migration migration) => string.CompareOrdinal(migration.Name, "0112") < 0;

    private static (string? Monthly, string? Yearly, string? Creem) Fields(PlanRow plan) =>
        (plan.StripePriceMonthly, plan.StripePriceYearly, plan.CreemProductId);

    private static async Task<PlanRow> ChangeAsync(MoneyBench bench, PlanRow plan, PlanProduct[] products)
    {
        var change = await bench.Get<CatalogEditor>().ChangeAsync(
            CatalogEditor.Plans, plan.Id, row => row with { ProductsJson = PlanProduct.Write(products) }, Caller.Operator, default);
        return change.Row!;
    }
}
