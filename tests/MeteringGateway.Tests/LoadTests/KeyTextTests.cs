using MeteringGateway.Http.Authentication;
using MeteringGateway.Load.Accounts;

namespace MeteringGateway.Tests.LoadTests;

/// <summary>The tool writes keys into the database itself: they must be those that the gateway takes.</summary>
public sealed class KeyTextTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    [InlineData(long.MaxValue)]
    public void Of_ANumber_IsAKeyOfTheGateway(long number)
    {
        var text = KeyText.Of(number);
        Assert.True(ApiKeySecret.TryParse(text, out var secret));
        Assert.Equal(KeyMode.Live, secret.Mode);
        Assert.Equal(secret.Hash.ToBytes(), KeyText.HashOf(text));
        Assert.Equal(SecretText.Visible("mg_live_", text), KeyText.VisibleOf(text));
    }
}
