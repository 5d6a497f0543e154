using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Surfaces;
using Microsoft.Extensions.Primitives;

namespace MeteringGateway.Tests.Calls.Providers;

/// <summary>What a provider says in headers, and what is said to it.</summary>
public sealed class ProviderTextTests
{
    private static readonly DateTimeOffset s_now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("application/json;", true)]
    [InlineData("application/json ; ", true)]
    [InlineData("Application/JSON; charset=utf-8", true)]
    [InlineData("application/json;charset=\"utf-8\";;", true)]
    [InlineData("application/json; a=\"b;c\"", true)]
    [InlineData("application/json; =", true)]
    [InlineData("application/problem+json;", true)]
    [InlineData("application/vnd.api+JSON", true)]
    [InlineData("application/jsonl", false)]
    [InlineData("application/x-ndjson", false)]
    [InlineData("text/plain; x=application/json", false)]
    [InlineData("text/event-stream", false)]
    [InlineData("+json", false)]
    [InlineData("", false)]
    public void JsonMedia_ContentType_IsReadAsItsMediaType(string contentType, bool json) =>
        Assert.Equal(json, JsonMedia.IsSaid(contentType));

    [Fact]
    public void JsonMedia_TwoThatDisagree_SayNothing()
    {
        Assert.True(JsonMedia.IsSaid(new StringValues(["application/json", "application/json; charset=utf-8"])));
        Assert.False(JsonMedia.IsSaid(new StringValues(["application/json", "text/html"])));
        Assert.False(JsonMedia.IsSaid(StringValues.Empty));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData(" 120 ", 120)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData("100000000", 86400)]
    [InlineData("99999999999999999999999", 86400)]
    [InlineData("Wed, 20 May 2026 12:00:30 GMT", 30)]
    [InlineData("Wed, 20 May 2026 11:59:00 GMT", null)]
    public void RetryAfter_Value_IsSecondsFromNow(string value, int? seconds)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", value);

        Assert.Equal(seconds, (int?)RetryAfter.Read(response, s_now)?.TotalSeconds);
    }

    [Theory]
    [InlineData("/v1/a", "http://h/v1/a")]
    [InlineData("/v1/a%2Fb", "http://h/v1/a%2Fb")]
    [InlineData("/v1/%41%7e", "http://h/v1/%41%7e")]
    [InlineData("/v1/a/../b", "http://h/v1/a/../b")]
    [InlineData("/v1/été", "http://h/v1/%C3%A9t%C3%A9")]
    [InlineData("/v1/a?api-version=2024-06-01&q=%20", "http://h/v1/a?api-version=2024-06-01&q=%20")]
    public void ProviderPath_Configured_IsCalledAsItIs(string path, string uri)
    {
        Assert.Equal(uri, "http://h" + ProviderPath.Under("http://h/", ProviderPath.Read(path)!).PathAndQuery);
        Assert.Equal(
            uri.Replace("http://h", "/base", StringComparison.Ordinal),
            ProviderPath.Under("http://h/base/", ProviderPath.Read(path)!).PathAndQuery);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("//v1")]
    [InlineData("/v1#a")]
    [InlineData("/v1 a")]
    [InlineData("/v1\\a")]
    [InlineData("/v1%")]
    [InlineData("/v1%2")]
    [InlineData("/v1%zz")]
    [InlineData("/v1\u0000")]
    [InlineData("/v1\r\nX: y")]
    [InlineData("")]
    public void ProviderPath_NoPath_IsNothing(string path) => Assert.Null(ProviderPath.Read(path));

    [Theory]
    [InlineData("text/plain", "text/plain")]
    [InlineData("application/json;q=0.5, */*", "application/json;q=0.5, */*")]
    [InlineData("text/\u00E9", "application/json")]
    [InlineData("text/\u0001", "application/json")]
    [InlineData("", "application/json")]
    public void SentHeaders_Accept_IsLeftOutWhereItCannotBeSent(string accept, string sent)
    {
        Assert.Equal(sent, SentHeaders.Accept(accept));
        Assert.Equal("application/json", SentHeaders.Accept(new string('a', 1025)));
    }
}
