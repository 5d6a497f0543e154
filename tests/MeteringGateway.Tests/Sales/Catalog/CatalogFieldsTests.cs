using System.Text;
using MeteringGateway.Configuration;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Tests.Http.Requests;

namespace MeteringGateway.Tests.Sales.Catalog;

public sealed class CatalogFieldsTests
{
    private static readonly PackageRow s_current =
        new() { Id = 3, Slug = "a", Name = "A", Description = "d", Credits = 5, PriceCents = 50, Currency = "EUR", SortOrder = 7 };

    [Theory]
    [InlineData("""{}""", "#/slug #/name #/credits #/price_cents")]
    [InlineData("""{"slug":"A b","name":"","credits":0,"price_cents":-1,"currency":"usd","sort_order":1.5,"active":"yes","x":1}""",
        "#/slug #/name #/credits #/price_cents #/currency #/sort_order #/active #/x")]
    [InlineData("""{"slug":"a-","name":"n","credits":1,"price_cents":1}""", "#/slug")]
    [InlineData("""{"slug":"a","name":"n","credits":1000000000001,"price_cents":1000000000001}""", "#/credits #/price_cents")]
    public void Package_WithWrongFields_PointsAtEach(string json, string pointers)
    {
        var fields = Body.Fields(json);
        Assert.Null(CatalogFields.Package(fields, null));
        Assert.Equal(pointers, Body.Pointers(fields.Errors));
    }

    [Fact]
    public void Package_OnlyRequired_HasDefaults() => Assert.Equal(
        new PackageRow { Slug = "a-1", Name = "A", Credits = 1, PriceCents = 0, Currency = "USD" },
        CatalogFields.Package(Body.Fields("""{"slug":"a-1","name":"A","credits":1,"price_cents":0}"""), null));

    [Fact]
    public void Package_Changed_KeepsWhatIsNotGiven()
    {
        Assert.Equal(s_current with { PriceCents = 9, Description = "", Active = false },
            CatalogFields.Package(Body.Fields("""{"price_cents":9,"description":null,"active":false}"""), s_current));
        var fields = Body.Fields("""{"name":null,"slug":null,"credits":null}""");
        Assert.Null(CatalogFields.Package(fields, s_current));
        Assert.Equal("#/slug #/name #/credits", Body.Pointers(fields.Errors));
    }

    [Fact]
    public void Plan_WithoutSlug_GetsOneFromItsName()
    {
        var plan = CatalogFields.Plan(
            Body.Fields("""{"name":"Pro & more!","price_monthly":999,"credits_included":1,"features":["a","b"]}"""), null)!;
        Assert.StartsWith("pro-more-", plan.Slug, StringComparison.Ordinal);
        Assert.Equal((null, 2), (plan.PriceYearly, plan.Features.Length));
        Assert.Equal(9990, CatalogFields.Plan(Body.Fields("""{"price_yearly":9990}"""), plan)!.PriceYearly);
    }

    [Fact]
    public void Plans_WhoseNamesDifferInSignsAlone_GetSlugsOfTheirOwn()
    {
        string[] names =
        [
            "C", "C++", "C#", "专业版", "企业版", "Pro Plan", "Pro-Plan", "Pro+Plan", "Про", "Ärzte", "Arzte", "!", "?",
            new('x', 70), new string('x', 70) + "y",
        ];
        var slugs = names.Select(SlugOf).ToList();

        Assert.Equal(("c", "pro-plan", "arzte"), (slugs[0], slugs[5], slugs[10]));
        Assert.Equal(names.Length, slugs.Distinct().Count());
        Assert.All(slugs, slug => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", slug));
        Assert.All(slugs, slug => Assert.InRange(slug.Length, 1, 64));
        Assert.Equal(slugs, names.Select(SlugOf));

        static string SlugOf(string name) =>
            CatalogFields.Plan(
                Body.Fields($$"""{"name":{{System.Text.Json.JsonSerializer.Serialize(name)}},"price_monthly":1,"credits_included":1}"""),
                null)!.Slug;
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" ", true)]
    [InlineData("two\nlines\r\n\tand a tab", true)]
    [InlineData("专业版", true)]
    [InlineData("a\u0000b", false)]
    [InlineData("a\u001bb", false)]
    public void Description_OfSeveralLinesOrNone_IsTaken(string text, bool isTaken)
    {
        var fields = Body.Fields($$"""{"description":{{System.Text.Json.JsonSerializer.Serialize(text)}}}""");
        Assert.Equal(isTaken ? text : null, CatalogFields.Package(fields, s_current)?.Description);
        Assert.Equal(isTaken ? "" : "#/description", Body.Pointers(fields.Errors));
    }

    [Theory]
    [InlineData("ZZZ")]
    [InlineData("usd")]
    [InlineData("XTS")]
    [InlineData("DEM")]
    [InlineData("US")]
    public void Currency_ThatIsNone_IsRefused(string code)
    {
        var fields = Body.Fields($$"""{"currency":"{{code}}"}""");
        Assert.Null(CatalogFields.Package(fields, s_current));
        Assert.Equal("#/currency", Body.Pointers(fields.Errors));
    }

    [Theory]
    [InlineData("""{"id":4}""", "#/id")]
    [InlineData("""{"id":"3"}""", "#/id")]
    [InlineData("""{"created_at":"2020-01-01T00:00:00Z"}""", "#/created_at")]
    public void Package_WithAnotherIdOrBirth_IsRefused(string json, string pointers)
    {
        var fields = Body.Fields(json);
        Assert.Null(CatalogFields.Package(fields, s_current));
        Assert.Equal(pointers, Body.Pointers(fields.Errors));
    }

    [Fact]
    public void Seed_WithFaults_NamesEachOnItsLine()
    {
        var errors = new ConfigurationErrors();
        CatalogSeed.Read("catalog.json", Encoding.UTF8.GetBytes("""
            {"packages":[{"slug":"a","name":"A","credits":1,"price_cents":1},{"slug":"a","name":"A","credits":0,"price_cents":1},7,
                         {"slug":"a","name":"A","credits":1,"price_cents":1}],
             "plans":[{"name":"P","price_monthly":1,"credits_included":1,"features":[1]}],"coupons":[]}
            """), errors);
        Assert.Equal(
            [
                "catalog.json #/packages/1/credits", "catalog.json #/packages/2", "catalog.json #/packages/3/slug",
                "catalog.json #/plans/0/features/0", "catalog.json #/coupons"],
            errors.Lines.Select(line => string.Join(' ', line.Split(' ').Take(2))));
    }

    [Fact]
    public void Seed_OfTheProduct_IsValid()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "MeteringGateway.sln")))
        {
            folder = folder.Parent;
        }

        var errors = new ConfigurationErrors();
        var seed = CatalogSeed.ReadFile(Path.Combine(folder.FullName, "config", "catalog.json"), errors);
        Assert.Empty(errors.Lines);
        Assert.Equal(("starter-250", 250, 2500), (seed.Packages[0].Slug, seed.Packages[0].Credits, seed.Packages[0].PriceCents));
    }

    [Theory]
    [InlineData("""{"packages":""")]
    [InlineData("""[]""")]
    public void Seed_ThatIsNoObject_IsOneLine(string json)
    {
        var errors = new ConfigurationErrors();
        CatalogSeed.Read("catalog.json", Encoding.UTF8.GetBytes(json), errors);
        Assert.StartsWith("catalog.json is not a JSON object", Assert.Single(errors.Lines), StringComparison.Ordinal);
    }
}
