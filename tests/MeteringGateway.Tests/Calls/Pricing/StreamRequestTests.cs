using System.Text;
using MeteringGateway.Calls.Pricing;

namespace MeteringGateway.Tests.Calls.Pricing;

public sealed class StreamRequestTests
{
    [Theory]
    [InlineData("""{"stream":true}""", true)]
    [InlineData(""" {"x":{"stream":false},"str\u0065am" : true } """, true)]
    [InlineData("""{"stream":false,"stream":true}""", true)]
    [InlineData("""{"stream":true,"stream":false}""", false)]
    [InlineData("""{"stream":"true"}""", false)]
    [InlineData("""{"stream":1}""", false)]
    [InlineData("""{"stream":{"x":true}}""", false)]
    [InlineData("""{"Stream":true}""", false)]
    [InlineData("""{"x":{"stream":true}}""", false)]
    [InlineData("""[{"stream":true}]""", false)]
    [InlineData("""{"stream":true""", false)]
    [InlineData("""{"stream":true}{}""", false)]
    [InlineData("true", false)]
    [InlineData("", false)]
    public void IsSaid_OfABody_IsTheRootsMember(string body, bool isSaid)
    {
        Assert.Equal(isSaid, StreamFlag.IsSaid(Encoding.UTF8.GetBytes(body)));
    }

    [Theory]
    [InlineData("""{"stream":true}""", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData(
        " {\"stream\" : true ,\"x\":\"}\" \n}\n", " {\"stream\" : true ,\"x\":\"}\" \n,\"stream_options\":{\"include_usage\":true}}\n")]
    [InlineData("""{"x":{"stream_options":1},"stream":true}""", """{"x":{"stream_options":1},"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":false}}""", null)]
    [InlineData("""{"stream_options":null,"stream":true}""", null)]
    [InlineData("""{"stream":false}""", null)]
    [InlineData("{}", null)]
    [InlineData("""{"stream":true""", null)]
    [InlineData("", null)]
    public void Ask_OfABody_AddsTheOptionWhereItIsMissing(string body, string? asking)
    {
        ReadOnlyMemory<byte> given = Encoding.UTF8.GetBytes(body);

        var sent = UsageRequest.Ask(given);

        Assert.Equal(asking ?? body, Encoding.UTF8.GetString(sent.Span));
        Assert.Equal(asking is null, sent.Equals(given));
    }
}
