using System.Text;
using System.Text.Json;
using MeteringGateway.Accounts.SurfaceOperations;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Configuration;
using MeteringGateway.Http.Requests;
using MeteringGateway.Local.Commands;
using Microsoft.Extensions.Configuration;

namespace MeteringGateway.Tests.Local;

/// <summary>With surfaces as the gateway shows them, whose own prices have the last word on what the greeting says.</summary>
public sealed class GreetingCallsTests
{
    private const string Flat = """ "Price": { "Credits": 4 }, "Providers": ["mine"] """;
    private const string Usage =
        """ "Price": { "Usage": "usage.total_tokens", "CreditsPerThousand": 3, "MaxCredits": 50 }, "Providers": ["mine"] """;
    private const string ByKind = """ "Price": { "By": "kind", "Credits": { "a": 9, "b": 3 } }, "Providers": ["mine"] """;
    private const string PerCount = """ "Price": { "Per": "n", "Credits": 7 }, "Providers": ["mine"] """;
    private const string PerAndBy = """ "Price": { "Per": "n", "By": "kind", "Credits": { "a": 9, "it's": 12 } }, "Providers": ["mine"] """;
    private const string TwoSpellings = """ "Price": { "Per": "Surface", "Credits": 7 }, "Providers": ["mine"] """;
    private const string ByRatio = """ "Price": { "By": "ratio", "Credits": { "1:1": 5, "16:9": 3 } }, "Providers": ["mine"] """;

    [Theory]
    [InlineData(Flat, """{"surface":"own"}""", 4)]
    [InlineData(Usage, """{"surface":"own"}""", 50)]
    [InlineData(ByKind, """{"surface":"own","kind":"b"}""", 3)]
    [InlineData(PerCount, """{"surface":"own","n":1}""", 7)]
    [InlineData(PerAndBy, """{"surface":"own","kind":"a","n":1}""", 9)]
    [InlineData(ByRatio, """{"surface":"own","ratio":"16:9"}""", 3)]
    public void First_OwnSurface_HasABodyThatItsPriceLetsPass(string surface, string body, long credits)
    {
        var catalog = Read(surface);

        var call = new GreetingCalls(Sold(catalog), _ => false).First;

        Assert.Equal(("own", body, credits, false), (call?.Surface, call?.Body, call?.Credits, call?.IsWhole));
        var quote = catalog.BySlug["own"].Price.Quote(Encoding.UTF8.GetBytes(call!.Body));
        Assert.Equal((null, credits), (quote.Error, quote.Credits));
    }

    [Theory]
    [InlineData(PerCount, """{"surface":"own","n":1000}""", 7_000)]
    [InlineData(PerAndBy, """{"surface":"own","kind":"it\u0027s","n":100}""", 1_200)]
    public void Beyond_PricedByHowMany_CostsMoreThanThatAndHasNoApostrophe(string surface, string body, long credits) =>
        Assert.Equal(
            new GreetingCall("own", body, credits, IsCertain: true, IsWhole: false),
            new GreetingCalls(Sold(Read(surface)), _ => false).Beyond(1_000));

    [Theory]
    [InlineData(Flat)]
    [InlineData(Usage)]
    [InlineData(ByKind)]
    public void Beyond_NoSurfaceIsPricedByHowMany_IsNone(string surface) =>
        Assert.Null(new GreetingCalls(Sold(Read(surface)), _ => false).Beyond(1_000));

    [Fact]
    public void First_NoSurface_IsNone() => Assert.Null(new GreetingCalls([], _ => false).First);

    [Fact]
    public void First_DemoProviders_AreAskedWhatTheyEcho() =>
        Assert.Equal("""{"surface":"own","query":"what is a hold?"}""", new GreetingCalls(Sold(Read(Flat)), _ => true).First!.Body);

    [Theory]
    [InlineData(Usage + """ , "Routes": ["POST /v1/chat/completions"] """, true, true)]
    [InlineData(Usage + """ , "Routes": ["POST /v1/chat/completions"] """, false, false)]
    [InlineData(Usage + """ , "Routes": ["POST /v1/messages"] """, true, false)]
    [InlineData(ByKind + """ , "Routes": ["POST /v1/chat/completions"] """, true, false)]
    public void Streamed_ChatOfADemoProvider_IsShownUnderItsOwnPath(string surface, bool isDemo, bool isShown)
    {
        var calls = new GreetingCalls(Sold(Read(surface)), _ => isDemo);
        var text = new Greeting(new Uri("http://127.0.0.1:8080"), calls) { Keys = new DemoKeys("mg_live_x", "mg_test_x") }.Text();

        Assert.Equal(isShown ? "/v1/chat/completions" : null, calls.Streamed?.Path);
        Assert.Equal(isShown, text.Contains(
            "curl -sN http://127.0.0.1:8080/v1/chat/completions -H 'Authorization: Bearer mg_live_x'", StringComparison.Ordinal));
        Assert.Equal(isShown, text.Contains("as OpenAI's clients make it, 50 credits at most:", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_WithoutDemo_HasNoCallOfAnotherSurfaceAndNoKey()
    {
        var text =
            new Greeting(new Uri("http://127.0.0.1:8080"), new GreetingCalls(Sold(Read(Flat)), _ => false)) { HasOwnStores = true }.Text();

        Assert.Contains("Ready: http://127.0.0.1:8080", text, StringComparison.Ordinal);
        Assert.Contains("""{"surface":"own"}""", text, StringComparison.Ordinal);
        Assert.Contains("--demo", text, StringComparison.Ordinal);
        Assert.DoesNotContain("search", text, StringComparison.Ordinal);
        Assert.DoesNotContain("postgres.url", text, StringComparison.Ordinal);
    }

    [Fact]
    public void First_TwoSpellingsOfOneName_IsNone() => Assert.Null(new GreetingCalls(Sold(Read(TwoSpellings)), _ => false).First);

    /// <summary>As the operator API shows them.</summary>
    private static IReadOnlyList<SoldSurface> Sold(SurfaceCatalog catalog) => SoldSurface.Read(JsonSerializer.Serialize(
        new SurfaceList([.. catalog.Slugs.Select(slug => SurfaceView.Of(catalog.BySlug[slug]))]), WireJson.Options));

    private static SurfaceCatalog Read(string surface)
    {
        var json =
            $$"""{ "ReverseProxy": { "Clusters": { "mine": { "Destinations": { "d": { "Address": "http://127.0.0.1:9999" } } } } }, "Surfaces": { "own": { {{surface}} } } }""";
        var errors = new ConfigurationErrors();
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        return SurfaceCatalogReader.Read(configuration, errors) ?? throw new InvalidOperationException(string.Join('\n', errors.Lines));
    }
}
