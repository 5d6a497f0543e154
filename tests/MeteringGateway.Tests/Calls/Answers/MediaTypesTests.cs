using MeteringGateway.Calls.Answers;
using Microsoft.AspNetCore.Http;

namespace MeteringGateway.Tests.Calls.Answers;

public sealed class MediaTypesTests
{
    [Theory]
    [InlineData("application/json", null, true)]
    [InlineData("APPLICATION/Json", null, true)]
    [InlineData("application/json; charset=utf-8", null, true)]
    [InlineData("application/json;charset=\"UTF-8\"", null, true)]
    [InlineData("application/json; charset=utf-16", null, false)]
    [InlineData("application/json; charset=latin1", null, false)]
    [InlineData("application/json", "identity", true)]
    [InlineData("application/json", "gzip", false)]
    [InlineData("application/json", "identity,gzip", false)]
    [InlineData("application/json; charset=utf-8", "br", false)]
    [InlineData("application/problem+json", null, false)]
    [InlineData("text/json", null, false)]
    [InlineData("application/x-www-form-urlencoded", null, false)]
    [InlineData("json", null, false)]
    [InlineData("", null, false)]
    [InlineData(null, null, false)]
    public void IsJson_OfABody_IsPlainJsonInUtf8(string? type, string? coding, bool isJson)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = type;
        if (coding is not null)
        {
            request.Headers.ContentEncoding = coding.Split(',');
        }

        Assert.Equal(isJson, MediaTypes.IsJson(request));
    }
}
