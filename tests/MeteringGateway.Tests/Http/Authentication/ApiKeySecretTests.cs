using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Tests.Http.Authentication;

public sealed class ApiKeySecretTests
{
    [Theory]
    [InlineData(true, "mg_live_")]
    [InlineData(false, "mg_test_")]
    public void Create_Mode_IsReadBack(bool live, string prefix)
    {
        var mode = live ? KeyMode.Live : KeyMode.Test;
        var (text, visible, hash) = ApiKeySecret.Create(mode);

        Assert.StartsWith(prefix, text, StringComparison.Ordinal);
        Assert.Equal(57, text.Length);
        Assert.StartsWith(visible, text, StringComparison.Ordinal);
        Assert.Equal(14, visible.Length);
        Assert.True(ApiKeySecret.TryParse(text, out var parsed));
        Assert.Equal(mode, parsed.Mode);
        Assert.Equal(hash, parsed.Hash);
    }

    [Fact]
    public void TryParse_OneCharacterChanged_IsRefused()
    {
        var (text, _, _) = ApiKeySecret.Create(KeyMode.Live);
        for (var i = 0; i < text.Length; i++)
        {
            var other = text[i] == 'a' ? 'b' : 'a';
            Assert.False(ApiKeySecret.TryParse(text[..i] + other + text[(i + 1)..], out _), $"position {i}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("mg_live_")]
    [InlineData("mg_live_0000000000000000000000000000000000000000000000000")]
    [InlineData("mg_live_ééééééééééééééééééééééééééééééééééééééééééééééééé")]
    [InlineData("sk-0000000000000000000000000000000000000000000000000000000")]
    public void TryParse_Garbage_IsRefused(string text) => Assert.False(ApiKeySecret.TryParse(text, out _));

    [Fact]
    public void TryParse_AroundAGoodKey_IsRefused()
    {
        var (text, _, _) = ApiKeySecret.Create(KeyMode.Live);

        Assert.False(ApiKeySecret.TryParse(text + "0", out _));
        Assert.False(ApiKeySecret.TryParse(" " + text, out _));
        Assert.False(ApiKeySecret.TryParse(text.AsSpan(0, text.Length - 1), out _));
        Assert.False(ApiKeySecret.TryParse(text.Replace("live", "test", StringComparison.Ordinal), out _));
    }

    [Fact]
    public void Hash_Bytes_AreSha256OfTheText()
    {
        var (text, _, hash) = ApiKeySecret.Create(KeyMode.Test);

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(text)), hash.ToBytes());
    }

    [Fact]
    public void Session_Token_IsNoApiKey()
    {
        var (text, hash) = SessionSecret.Create();

        Assert.True(SessionSecret.TryParse(text, out var parsed));
        Assert.Equal(hash, parsed);
        Assert.False(ApiKeySecret.TryParse(text, out _));
    }
}
