using MeteringGateway.Requests;

namespace MeteringGateway.Tests.Requests;

public sealed class LogTextTests
{
    [Theory]
    [InlineData(null, "nothing")]
    [InlineData("order:1", "order:1")]
    [InlineData("a\r\nb", "a\\u000d\\u000ab")]
    [InlineData("\u001b[2J\u2028\u0000", "\\u001b[2J\\u2028\\u0000")]
    public void Of_TextFromOutside_IsOneLineOfAscii(string? text, string shown) => Assert.Equal(shown, LogText.Of(text));

    [Fact]
    public void Of_LongText_IsCut() => Assert.Equal(new string('x', 100) + "…", LogText.Of(new string('x', 5000)));
}
