using System.Text;
using MeteringGateway.Configuration;
using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Sales.Catalog;

namespace MeteringGateway.FunctionalTests.Sales.Catalog;

public sealed class CatalogTests
{
    [Fact]
    public async Task Seed_AppliedAgain_AddsWhatIsMissingAndKeepsWhatIsThere()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var seed = Read("""
            {"packages":[{"slug":"a","name":"A","credits":1,"price_cents":100},{"slug":"b","name":"B","credits":2,"price_cents":200,"sort_order":-1}],
             "plans":[{"slug":"pro","name":"Pro","price_monthly":999,"credits_included":10000,"features":["x"]}]}
            """);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => seed.ApplyAsync(bench.Books, default)));
        await bench.ScalarAsync<int>("update packages set price_cents = 7 where slug = 'a'; delete from packages where slug = 'b'");
        await seed.ApplyAsync(bench.Books, default);

        var packages = await bench.Get<CatalogStore>().PackagesAsync(includeInactive: false, default);
        Assert.Equal(["b 200", "a 7"], packages.Select(package => $"{package.Slug} {package.PriceCents}"));
        Assert.Equal(["x"], Assert.Single(await bench.Get<CatalogStore>().PlansAsync(includeInactive: false, default)).Features);
    }

    [Fact]
    public async Task Change_OfAPackage_IsAuditedAndSlugsStayUnique()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (one, _) = (await bench.AddPackageAsync("one"), await bench.AddPackageAsync("two"));
        var editor = bench.Get<CatalogEditor>();

        var off = await editor.ChangeAsync(
            CatalogEditor.Packages, one.Id, row => row with { Active = false, PriceCents = 1 }, Caller.Operator, default);
        var taken = await editor.ChangeAsync(CatalogEditor.Packages, one.Id, row => row with { Slug = "two" }, Caller.Operator, default);
        var missing = await editor.ChangeAsync(CatalogEditor.Packages, 4711L, row => row, Caller.Operator, default);
        var again = await editor.AddAsync(CatalogEditor.Packages, one, Caller.Operator, default);

        Assert.Equal(
            (CatalogStatus.Done, CatalogStatus.SlugTaken, CatalogStatus.NotFound, CatalogStatus.SlugTaken),
            (off.Status, taken.Status, missing.Status, again.Status));
        Assert.Equal("two", Assert.Single(await bench.Get<CatalogStore>().PackagesAsync(includeInactive: false, default)).Slug);
        Assert.Equal(
            "2500 1", await bench.ScalarAsync<string>(
                "select (before->>'price_cents') || ' ' || (after->>'price_cents') from audit where action = 'package.changed'"));
    }

    [Fact]
    public async Task FindPackage_ByNumberAndSlug_NeedsBothToAgree()
    {
        await using var bench = await MoneyBench.OpenAsync();
        var (one, _) = (await bench.AddPackageAsync("one"), await bench.AddPackageAsync("two"));
        var catalog = bench.Get<CatalogStore>();

        Assert.Equal(one.Id, (await catalog.FindPackageAsync(one.Id, "one", default))?.Id);
        Assert.Null(await catalog.FindPackageAsync(one.Id, "two", default));
        Assert.Null(await catalog.FindPackageAsync(null, null, default));
    }

    private static CatalogSeed Read(string json)
    {
        var errors = new ConfigurationErrors();
        var seed = CatalogSeed.Read("catalog.json", Encoding.UTF8.GetBytes(json), errors);
        Assert.Empty(errors.Lines);
        return seed;
    }
}
