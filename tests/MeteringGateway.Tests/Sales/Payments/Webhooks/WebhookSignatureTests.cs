using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MeteringGateway.Sales.Payments.Creem;
using MeteringGateway.Sales.Payments.Stripe;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Sales.Payments.Webhooks;

public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_test";
    private const long Sent = 1_780_000_000;
    private static readonly byte[] s_body = Encoding.UTF8.GetBytes("""{"id":"evt_1"}""");

    [Theory]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    public void IsStripes_ByItsAge_IsTakenForFiveMinutesEitherWay(int age, bool fits) =>
        Assert.Equal(fits, IsStripes($"t={Sent},v1={Sign(Sent)}", age));

    [Fact]
    public void IsStripes_OfTwoSignatures_OneHasToFit()
    {
        var (good, bad) = (Sign(Sent), new string('0', 64));

        Assert.True(IsStripes($"t={Sent},v1={bad},v1={good}"));
        Assert.True(IsStripes($"t={Sent}, v1={good} ,v1={bad}"));
        Assert.True(IsStripes($"t={Sent},v1={good.ToUpperInvariant()}"));
        Assert.False(IsStripes($"t={Sent},v1={bad},v1={bad}"));
    }

    /// <summary>A scheme that is not v1 would let the weakest of them decide.</summary>
    [Fact]
    public void IsStripes_WithoutAWholeHeader_IsNot()
    {
        var good = Sign(Sent);
        string?[] headers =
        [
            null, "", $"v1={good}", $"t={Sent}", $"t={Sent},v0={good}", $"t={Sent},v1={good[..63]}", $"t={Sent},v1={good}0",
            $"t={Sent},v1=",
            $"t=+{Sent},v1={good}", $"t= {Sent},v1={good}", $"t=99999999999999999999,v1={good}", $"t=9223372036854775807,v1={good}",
            $"t={Sent + 1},v1={good}", $"T={Sent},V1={good}", $"t={Sent},v1=g{good[1..]}",
        ];

        Assert.All(headers, header => Assert.False(IsStripes(header)));
    }

    [Fact]
    public void IsStripes_OtherBytesOrAnotherSecret_IsNot()
    {
        var (header, now) = ($"t={Sent},v1={Sign(Sent)}", DateTimeOffset.FromUnixTimeSeconds(Sent));

        Assert.True(IsStripes(header, s_body, Secret, now));
        Assert.False(IsStripes(header, [.. s_body, (byte)' '], Secret, now));
        Assert.False(IsStripes(header, s_body, Secret + "x", now));
    }

    [Fact]
    public void IsCreems_OnlyTheWholeHashOfTheSameBytes()
    {
        var good = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), s_body));

        Assert.True(IsCreems(good, s_body, Secret));
        Assert.True(IsCreems($" {good} ", s_body, Secret));
        Assert.False(IsCreems(good, [.. s_body, (byte)' '], Secret));
        Assert.False(IsCreems(good, s_body, Secret + "x"));
        Assert.All([null, "", good[..63], good + "0", "z" + good[1..]],
            header => Assert.False(IsCreems(header, s_body, Secret)));
    }

    private static bool IsStripes(string? header, int age = 0) =>
        IsStripes(header, s_body, Secret, DateTimeOffset.FromUnixTimeSeconds(Sent + age));

    private static bool IsStripes(string? header, ReadOnlySpan<byte> body, string secret, DateTimeOffset now) =>
        new StripeWebhook(Options.Create(new StripeOptions { WebhookSecret = secret }))
            .Verify(new HeaderDictionary { ["Stripe-Signature"] = header }, body, now);

    private static bool IsCreems(string? header, ReadOnlySpan<byte> body, string secret) =>
        new CreemWebhook(Options.Create(new CreemOptions { WebhookSecret = secret }))
            .Verify(new HeaderDictionary { ["creem-signature"] = header }, body, default);

    private static string Sign(long at)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(at.ToString(CultureInfo.InvariantCulture) + "."), .. s_body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed));
    }
}
