using MeteringGateway.Accounts.Accounts;

namespace MeteringGateway.Tests.Accounts.Accounts;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("Ada@Example.COM", "ada@example.com")]
    [InlineData(" ada@example.com ", "ada@example.com")]
    [InlineData("jose\u0301@example.com", "jos\u00E9@example.com")]
    [InlineData("JOS\u00C9@EXAMPLE.COM", "jos\u00E9@example.com")]
    [InlineData("JOSE\u0301@example.com", "jos\u00E9@example.com")]
    [InlineData("A\u030A@example.com", "\u212B@example.com")]
    [InlineData("\u03A3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C2@example.com", "\u03A3\u038A\u03A3\u03A5\u03A6\u039F\u03A3@example.com")]
    [InlineData("q\u0307\u0323@example.com", "q\u0323\u0307@example.com")]
    [InlineData("\uD55C\uAE00@example.com", "\u1112\u1161\u11AB\u1100\u1173\u11AF@example.com")]
    [InlineData("ada@b\u00FCcher.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@bu\u0308cher.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@B\u00DCCHER.Example", "ada@XN--BCHER-KVA.example")]
    [InlineData("ada@BU\u0308CHER.Example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@\u4F8B\u3048.\u30C6\u30B9\u30C8", "ada@xn--r8jz45g.xn--zckzah")]
    [InlineData("ada@\u4F8B\u3048\u3002\u30C6\u30B9\u30C8", "ada@xn--r8jz45g.xn--zckzah")]
    [InlineData("ada@\uFF45xample.com", "ada@example.com")]
    [InlineData("ada@xn--bucher-xyd.example", "ada@b\u00FCcher.example")]
    public void Key_OfTwoSpellings_IsOne(string one, string other)
    {
        Assert.Equal(EmailAddress.KeyOf(one), EmailAddress.KeyOf(other));
        Assert.Equal(EmailAddress.KeyOf(one), EmailAddress.KeyOf(EmailAddress.KeyOf(one)));
    }

    [Theory]
    [InlineData("ada@example.com", "ada@example.org")]
    [InlineData("ada.b@example.com", "adab@example.com")]
    [InlineData("ada+x@example.com", "ada@example.com")]
    [InlineData("jos\u00E9@example.com", "jose@example.com")]
    [InlineData("i@example.com", "\u0131@example.com")]
    [InlineData("i@example.com", "\u0130@example.com")]
    [InlineData("ada@fa\u00DF.example", "ada@fass.example")]
    [InlineData("ada@b\u00FCcher.example", "ada@bucher.example")]
    [InlineData("ada@\u0430pple.example", "ada@apple.example")]
    public void Key_OfTwoAddresses_IsNotOne(string one, string other) =>
        Assert.NotEqual(EmailAddress.KeyOf(one), EmailAddress.KeyOf(other));

    [Theory]
    [InlineData("ada@b\u00FCcher.example", true)]
    [InlineData("ada@\u4F8B\u3048\u3002\u30C6\u30B9\u30C8", true)]
    [InlineData("ada@example", false)]
    [InlineData("ada\u200B@example.com", false)]
    [InlineData("ada\u202E@example.com", false)]
    [InlineData("ada@exam\u00ADple.com", false)]
    [InlineData("ada@@example.com", false)]
    [InlineData("ada@example.com.", false)]
    public void Address_OfAText_IsWhatMailSystemsTake(string text, bool isAddress) => Assert.Equal(isAddress, EmailAddress.IsAddress(text));
}
