using System.Text;
using MeteringGateway.Calls.Pricing;

namespace MeteringGateway.Tests.Calls.Pricing;

public sealed class QueryBodyTests
{
    [Theory]
    [InlineData("""{"surface":"search"}""", "search")]
    [InlineData(""" {"q":{"surface":"inner"},"list":[{"surface":1}],"surface":"search"} """, "search")]
    [InlineData("""{"\u0073urface":"s\u0065arch"}""", "search")]
    [InlineData("""{"Surfaces":"other","surface":"search","n":1e999}""", "search")]
    [InlineData("""{"surface":""}""", "")]
    [InlineData("""{"\ud800surfac":1,"surfac\ud800":1,"surface":"a"}""", "a")]
    public void Read_OneObjectWithSurface_Ok(string body, string surface)
    {
        var query = QueryBody.Read(Encoding.UTF8.GetBytes(body));

        Assert.Equal(new QueryBody(QueryBodyStatus.Ok, surface, null), query);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"surface\"")]
    [InlineData("{")]
    [InlineData("""{"surface":"search" """)]
    [InlineData("""{"surface":"search"} {}""")]
    [InlineData("""{"surface":"search"}x""")]
    [InlineData("""{"surface":"search",}""")]
    [InlineData("""{'surface':'search'}""")]
    [InlineData("""{"surface":"search"/* a */}""")]
    [InlineData("""{"surface":"search","n":01}""")]
    [InlineData("""{"surface":"search","n":NaN}""")]
    [InlineData("{\"surface\":\"se\narch\"}")]
    [InlineData("{\"surface\":\"search\"}\0")]
    [InlineData("\uFEFF{\"surface\":\"search\"}")]
    public void Read_NotOneObject_InvalidJson(string body)
    {
        var query = QueryBody.Read(Encoding.UTF8.GetBytes(body));

        Assert.Equal(QueryBodyStatus.InvalidJson, query.Status);
        Assert.Equal("", query.Surface);
        Assert.Equal("#", query.Error!.Pointer);
    }

    [Fact]
    public void Read_NotUtf8_InvalidJson()
    {
        byte[] body = [.. "{\"surface\":\"a\",\"b\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        Assert.Equal("is not UTF-8", QueryBody.Read(body).Error!.Detail);
    }

    [Fact]
    public void Read_BrokenJson_SaysWhere()
    {
        Assert.Equal("is not JSON at line 2, byte 6", QueryBody.Read("{\n\"a\": x}"u8).Error!.Detail);
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Read_Nested_RefusedBeyondTheBound(int arrays, bool accepted)
    {
        var body = $$"""{"surface":"a","deep":{{new string('[', arrays)}}{{new string(']', arrays)}}}""";

        Assert.Equal(accepted ? QueryBodyStatus.Ok : QueryBodyStatus.InvalidJson, QueryBody.Read(Encoding.UTF8.GetBytes(body)).Status);
    }

    [Theory]
    [InlineData("{}", "is missing: must be the name of a surface")]
    [InlineData("""{"surface":null}""", "must be a string: the name of a surface")]
    [InlineData("""{"surface":7}""", "must be a string: the name of a surface")]
    [InlineData("""{"surface":["search"]}""", "must be a string: the name of a surface")]
    [InlineData("""{"surface":"\ud800"}""", "must be a string: the name of a surface")]
    [InlineData("""{"surface":"search","surface":"search"}""", "is given twice: must be given once")]
    [InlineData("""{"surface":"search","\u0073urface":"ads"}""", "is given twice: must be given once")]
    public void Read_WithoutOneSurface_InvalidRequest(string body, string detail)
    {
        var query = QueryBody.Read(Encoding.UTF8.GetBytes(body));

        Assert.Equal(QueryBodyStatus.InvalidRequest, query.Status);
        Assert.Equal("#/surface", query.Error!.Pointer);
        Assert.Equal(detail, query.Error.Detail);
    }

    [Fact]
    public void Read_AnyPrefixOfABody_NeverThrowsAndIsRefused()
    {
        var body = """{"surface":"search","q":"a \u00e9 é","n":[1,-2.5e3,true,null,{"x":{}}]}"""u8.ToArray();
        for (var length = 0; length < body.Length; length++)
        {
            Assert.Equal(QueryBodyStatus.InvalidJson, QueryBody.Read(body.AsSpan(0, length)).Status);
        }
    }
}
