using MeteringGateway.Http.Requests;

namespace MeteringGateway.Tests.Http.Requests;

public sealed class NormalFormTests
{
    /// <summary>
    /// Letters and marks, marks out of order and blocked, syllables of Hangul, singletons and exclusions of the standard's own examples.
    /// </summary>
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("Zo\u00eb", "Zo\u00eb")]
    [InlineData("Zoe\u0308", "Zo\u00eb")]
    [InlineData("\u1e9b\u0323", "\u1e9b\u0323")]
    [InlineData("\u0044\u0307\u0323", "\u1e0c\u0307")]
    [InlineData("\u1e0a\u0323", "\u1e0c\u0307")]
    [InlineData("a\u0301\u0301", "\u00e1\u0301")]
    [InlineData("e\u0346\u0301", "e\u0346\u0301")]
    [InlineData("\u212b", "\u00c5")]
    [InlineData("\u2126", "\u03a9")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\u1100\u1161\u11a8", "\uac01")]
    [InlineData("\uac00\u11a8", "\uac01")]
    [InlineData("\uac01\u11a8", "\uac01\u11a8")]
    [InlineData("\u0301a", "\u0301a")]
    [InlineData("a\u034f\u0301", "a\u034f\u0301")]
    public void Compose_EachForm_IsTheStandardsAndStaysSo(string text, string composed)
    {
        Assert.Equal(composed, NormalForm.Compose(text));
        Assert.Equal(composed, NormalForm.Compose(composed));
    }
}
