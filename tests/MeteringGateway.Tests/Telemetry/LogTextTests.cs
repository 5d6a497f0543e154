using MeteringGateway.Telemetry;

namespace MeteringGateway.Tests.Telemetry;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("evt_1", "evt_1")]
    [InlineData("Größe 専業版 ✓", "Größe 専業版 ✓")]
    [InlineData("a\nb", "a\\u000ab")]
    [InlineData("a\r\nb", "a\\u000d\\u000ab")]
    [InlineData("\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m")]
    [InlineData("a\0b\u007f", "a\\u0000b\\u007f")]
    [InlineData("a\u0085b\u009b1m", "a\\u0085b\\u009b1m")]
    [InlineData("a\u2028b\u2029c", "a\\u2028b\\u2029c")]
    [InlineData("\u202etxt.exe\u2066", "\\u202etxt.exe\\u2066")]
    [InlineData("a\u200bb\ufeff", "a\\u200bb\\ufeff")]
    public void Escape_TextFromOutside_ObeysNobody(string text, string expected) => Assert.Equal(expected, LogText.Escape(text));

    [Fact]
    public void Escape_OfAMegabyte_IsALine() => Assert.InRange(LogText.Escape(new string('x', 1024 * 1024)).Length, 8000, 9000);

    [Fact]
    public void Of_AnExceptionThatQuotes_KeepsItsStackAndEscapesTheQuote()
    {
        var inner = new FormatException("'a\nb' is no number");
        var text = LogText.Of(new InvalidOperationException("\u001b[2J", inner));
        Assert.Contains(@"'a\u000ab' is no number", text, StringComparison.Ordinal);
        Assert.Contains(@"\u001b[2J", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    [Theory]
    [InlineData(null, "nothing")]
    [InlineData("order:1", "order:1")]
    [InlineData("a\r\nb", "a\\u000d\\u000ab")]
    [InlineData("\u001b[2J\u2028\u0000", "\\u001b[2J\\u2028\\u0000")]
    public void Value_TextFromOutside_IsOneLineOfAscii(string? text, string shown) => Assert.Equal(shown, LogText.Value(text));

    [Fact]
    public void Value_LongText_IsCut() => Assert.Equal(new string('x', 100) + "…", LogText.Value(new string('x', 5000)));
}
