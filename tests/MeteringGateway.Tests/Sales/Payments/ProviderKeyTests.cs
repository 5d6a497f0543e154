using MeteringGateway.Configuration;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Creem;
using MeteringGateway.Sales.Payments.Stripe;

namespace MeteringGateway.Tests.Sales.Payments;

public sealed class ProviderKeyTests
{
    [Theory]
    [InlineData("sk_live_1", null, true)]
    [InlineData("rk_live_1", null, true)]
    [InlineData("sk_test_1", null, false)]
    [InlineData("rk_test_1", false, false)]
    [InlineData("sk_live_1", true, true)]
    [InlineData(null, null, true)]
    [InlineData(null, false, false)]
    public void Stripe_ModeIsWhatTheKeySays(string? key, bool? mode, bool isLive)
    {
        var options = new StripeOptions { ApiKey = key, LiveMode = mode };

        Assert.Empty(Check(options.Check));
        Assert.Equal((isLive, key is not null), (options.IsLive, options.IsOpen));
    }

    [Theory]
    [InlineData("creem_1", true, "https://api.creem.io")]
    [InlineData("creem_test_1", false, "https://test-api.creem.io")]
    public void Creem_ModeAndAddressAreWhatTheKeySays(string key, bool isLive, string address)
    {
        var options = new CreemOptions { ApiKey = key };

        Assert.Empty(Check(options.Check));
        Assert.Equal((isLive, address), (options.IsLive, options.Address));
        Assert.Equal("http://127.0.0.1:9", new CreemOptions { ApiKey = key, ApiBase = "http://127.0.0.1:9" }.Address);
    }

    /// <summary>What stops the start, and that no line of it shows the key.</summary>
    [Theory]
    [InlineData("sk_live_secret", false, null, "Payments:Stripe:LiveMode is false and Payments:Stripe:ApiKey is a key for live payments")]
    [InlineData("sk_test_secret", true, null, "Payments:Stripe:LiveMode is true and Payments:Stripe:ApiKey is a key for tests")]
    [InlineData("pk_live_secret", null, null, "Payments:Stripe:ApiKey has a value that can't be used (not shown): must begin")]
    [InlineData("sk_live_", null, null, "Payments:Stripe:ApiKey has a value that can't be used")]
    [InlineData(null, null, "ftp://api.stripe.com", "Payments:Stripe:ApiBase is 'ftp://api.stripe.com': must be an address like")]
    [InlineData(null, null, "https://api.stripe.com?x=1", "Payments:Stripe:ApiBase is")]
    public void Stripe_WhatDoesNotFit_StopsTheStart(string? key, bool? mode, string? address, string line)
    {
        var options = new StripeOptions { ApiKey = key, LiveMode = mode, ApiBase = address ?? StripeOptions.DefaultBase };

        var error = Assert.Single(Check(options.Check));

        Assert.StartsWith(line, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mg_0123456789abcdef:order:42", "order:42", true)]
    [InlineData("mg_fedcba9876543210:order:42", null, true)]
    [InlineData("order:42", null, false)]
    [InlineData("mg_0123456789abcdeforder:42", null, false)]
    [InlineData("mg_0123456789abcdef:", null, false)]
    [InlineData("mg_0123456789abcdeX:order:42", null, false)]
    public void Installation_TellsItsOwnReferencesFromOthers(string text, string? own, bool isOutside)
    {
        Assert.Equal(own, Installation.Own("mg_0123456789abcdef", text));
        Assert.Equal(isOutside, Installation.IsOutside(text));
    }

    private static IReadOnlyList<string> Check(Action<ConfigurationErrors> check)
    {
        var errors = new ConfigurationErrors();
        check(errors);
        return errors.Lines;
    }
}
