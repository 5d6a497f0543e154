using System.Collections.Frozen;
using System.Text;
using MeteringGateway.Calls.Pricing;

namespace MeteringGateway.Tests.Calls.Pricing;

/// <summary>A request whose price or surface another reader of the same text could find to be another one.</summary>
public sealed class FieldNamesTests
{
    private static readonly OptionPrice s_ads = new(
        "count", "kind", new Dictionary<string, long> { ["static"] = 5, ["full"] = 15 }.ToFrozenDictionary());

    [Theory]
    [InlineData("""{"surface":"ads","kind":"static","count":1,"count":100}""", "#/count")]
    [InlineData("""{"surface":"ads","kind":"static","count":1,"Count":100}""", "#/count")]
    [InlineData("""{"surface":"ads","kind":"static","COUNT":100,"count":1}""", "#/count")]
    [InlineData("""{"surface":"ads","kind":"static","Count":100}""", "#/count")]
    [InlineData("""{"surface":"ads","kind":"static","count":1,"\u0063ount":100}""", "#/count")]
    [InlineData("""{"surface":"ads","kind":"static","count":1,"\u0043ount":100}""", "#/count")]
    [InlineData("""{"surface":"ads","kind":"static","count":1,"count\u0000":100}""", "#/count")]
    [InlineData("""{"surface":"ads","kind":"static","count":1,"count\u0000more":100}""", "#/count")]
    [InlineData("""{"surface":"ads","kind":"static","count":1,"co\bunt":100}""", "#/count")]
    [InlineData("""{"surface":"ads","kind":"static","count":1,"count\ud800":100}""", "#/count")]
    [InlineData("""{"surface":"ads","kind":"static","count":1,"count\ufffd":100}""", "#/count")]
    [InlineData("""{"surface":"ads","kind":"static","Kind":"full"}""", "#/kind")]
    [InlineData("{\"surface\":\"ads\",\"kind\":\"static\",\"\u212Aind\":\"full\"}", "#/kind")]
    [InlineData("""{"surface":"ads","kind":"static","\u212aIND":"full"}""", "#/kind")]
    [InlineData("""{"surface":"ads","kind":"static","kind":"static"}""", "#/kind")]
    public void Quote_FieldCanBeReadInTwoWays_SaysWhich(string body, string at)
    {
        var quote = s_ads.Quote(Encoding.UTF8.GetBytes(body));

        Assert.Equal((0, at), (quote.Credits, quote.Error?.Pointer));
    }

    [Theory]
    [InlineData("""{"surface":"a","Surface":"b"}""")]
    [InlineData("""{"SURFACE":"b","surface":"a"}""")]
    [InlineData("""{"surface":"a","surface":"a"}""")]
    [InlineData("""{"surface":"a","\u0053urface":"b"}""")]
    [InlineData("{\"surface\":\"a\",\"\u017Furface\":\"b\"}")]
    [InlineData("""{"surface":"a","\u017FURFACE":"b"}""")]
    [InlineData("""{"surface":"a","surface\u0000":"b"}""")]
    public void Read_SurfaceCanBeReadInTwoWays_IsRefused(string body)
    {
        var query = QueryBody.Read(Encoding.UTF8.GetBytes(body));

        Assert.Equal((QueryBodyStatus.InvalidRequest, "#/surface"), (query.Status, query.Error?.Pointer));
    }

    [Theory]
    [InlineData(
        """{"surface":"ads","kind":"static","counter":9,"coun":9,"count ":9,"count_":9,"c\u00f6unt":9,"\"count\"":9,"count\\":9}""")]
    [InlineData(
        """{"surface":"ads","kind":"static","options":{"count":7,"Count":9,"kind":"full"},"list":[{"surface":"x","surface":"y"}]}""")]
    [InlineData("""{"surface":"ads","kind":"static","":1,"\ud800":1,"\u0000":1,"\ud83d\ude00":1,"ſ":1}""")]
    public void Quote_OtherNames_AreTheProvidersAffair(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        Assert.Equal(QueryBodyStatus.Ok, QueryBody.Read(bytes).Status);
        Assert.Equal((5, null), (s_ads.Quote(bytes).Credits, s_ads.Quote(bytes).Error));
    }

    [Theory]
    [InlineData("1e2")]
    [InlineData("1.0")]
    [InlineData("\"1\"")]
    [InlineData("99999999999999999999")]
    [InlineData("1e400")]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-1")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[1]")]
    public void Quote_CountInANotationThatReadersDifferOn_IsRefused(string count) =>
        Assert.Equal(
            "#/count", s_ads.Quote(Encoding.UTF8.GetBytes($$"""{"surface":"ads","kind":"static","count":{{count}}}""")).Error?.Pointer);

    [Theory]
    [InlineData("\uFEFF{\"surface\":\"a\"}")]
    [InlineData("{\"surface\":\"a\"} {\"surface\":\"b\"}")]
    [InlineData("{\"surface\":\"a\"}x")]
    [InlineData("{\"surface\":\"a\"}\0")]
    [InlineData("{\"surface\":\"a\",}")]
    [InlineData("{\"surface\":\"a\",\"n\":01}")]
    [InlineData("{\"surface\":\"a\",\"n\":NaN}")]
    [InlineData("{\"surface\":\"a\\x\"}")]
    [InlineData("{\"surface\":\"a\" /* b */}")]
    [InlineData("{'surface':'a'}")]
    public void Read_TextThatReadersDifferOn_IsNoJson(string body) =>
        Assert.Equal(QueryBodyStatus.InvalidJson, QueryBody.Read(Encoding.UTF8.GetBytes(body)).Status);
}
