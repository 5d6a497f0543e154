using MeteringGateway.Calls.Providers;
using Microsoft.Extensions.Primitives;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class SentHeadersTests
{
    private const string Json = "application/json";

    [Theory]
    [InlineData("text/csv", "text/csv")]
    [InlineData("application/json; charset=utf-8", "application/json; charset=utf-8")]
    [InlineData("text/français", Json)]
    [InlineData("text/csv\r\nX-Admin: 1", Json)]
    [InlineData("text/csv\t", Json)]
    [InlineData(" text/csv", Json)]
    [InlineData("text/csv ", Json)]
    [InlineData("", Json)]
    [InlineData(null, Json)]
    public void Value_ThatHttpCannotCarry_IsReplacedByJson(string? given, string sent)
    {
        Assert.Equal(sent, SentHeaders.Accept(given));
        Assert.Equal(sent, SentHeaders.ContentType(given));
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void Value_IsSentUpToItsBound(int length, bool isSent)
    {
        var given = new string('a', length);

        Assert.Equal(isSent ? given : Json, SentHeaders.Accept(given));
        Assert.Equal(isSent ? given : Json, SentHeaders.ContentType(given));
    }

    [Fact]
    public void Accept_TwoHeaders_AreOneList() =>
        Assert.Equal("text/csv,text/plain", SentHeaders.Accept(new StringValues(["text/csv", "text/plain"])));
}
