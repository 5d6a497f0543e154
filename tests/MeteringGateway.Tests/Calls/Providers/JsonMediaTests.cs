using MeteringGateway.Calls.Providers;
using Microsoft.Extensions.Primitives;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class JsonMediaTests
{
    [Theory]
    [InlineData("application/json", true)]
    [InlineData("Application/JSON", true)]
    [InlineData("application/json;", true)]
    [InlineData("application/json ; charset=", true)]
    [InlineData("\tapplication/json", true)]
    [InlineData("application/problem+json", true)]
    [InlineData("+json", false)]
    [InlineData("application/jsonp", false)]
    [InlineData("application/json-seq", false)]
    [InlineData("application/x-ndjson", false)]
    [InlineData("text/json", false)]
    [InlineData("application/json, text/html", false)]
    [InlineData("", false)]
    public void IsSaid_OneValue_GoesByItsMediaType(string value, bool isJson) => Assert.Equal(isJson, JsonMedia.IsSaid(value));

    [Fact]
    public void IsSaid_SeveralValues_MustAgree()
    {
        Assert.False(JsonMedia.IsSaid(StringValues.Empty));
        Assert.True(JsonMedia.IsSaid(new StringValues(["application/json", "application/ld+json"])));
        Assert.False(JsonMedia.IsSaid(new StringValues(["application/json", "text/html"])));
    }
}
