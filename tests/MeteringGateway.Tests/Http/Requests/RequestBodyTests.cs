using System.Text;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Tests.Http.Requests;

public sealed class RequestBodyTests
{
    [Theory]
    [InlineData("", "InvalidJson")]
    [InlineData("{", "InvalidJson")]
    [InlineData("{} x", "InvalidJson")]
    [InlineData("{'a':1}", "InvalidJson")]
    [InlineData("{\"a\":1,\"a\":2}", "InvalidJson")]
    [InlineData("{\"a\":\"\\ud800\"}", "InvalidJson")]
    [InlineData("{\"\\ud800\":1}", "InvalidJson")]
    [InlineData("[]", "InvalidRequest")]
    [InlineData("null", "InvalidRequest")]
    [InlineData("1", "InvalidRequest")]
    public void Parse_NoObject_IsRefused(string json, string code)
    {
        var body = RequestBody.Parse(Encoding.UTF8.GetBytes(json));

        Assert.Null(body.Fields);
        Assert.Equal(code, body.Problem!.Code.ToString());
    }

    [Fact]
    public void Parse_DeepNesting_IsRefused()
    {
        var json = string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40);

        Assert.Equal(ErrorCode.InvalidJson, RequestBody.Parse(Encoding.UTF8.GetBytes(json)).Problem!.Code);
    }

    [Fact]
    public void RefuseOthers_UnknownNames_ArePointedAt()
    {
        var fields = Body.Fields("""{"a/b": 1, "name": "x"}""");
        fields.Text("name", 10);
        fields.RefuseOthers();

        Assert.Equal("#/a~1b", Body.Pointers(fields.Errors));
    }

    [Theory]
    [InlineData("\"2027-01-31T23:59:59Z\"", true)]
    [InlineData("\"2027-01-31T23:59:59+02:00\"", true)]
    [InlineData("\"2027-01-31T23:59:59\"", false)]
    [InlineData("\"2027-01-31\"", false)]
    [InlineData("\"tomorrow\"", false)]
    [InlineData("1800000000", false)]
    public void Instant_Forms_NeedAnOffset(string json, bool good)
    {
        var fields = Body.Fields($$"""{"at": {{json}}}""");

        Assert.Equal(good, fields.Instant("at") is not null);
        Assert.Equal(good, fields.Errors.Count == 0);
    }
}
