using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MeteringGateway.Sales.Payments.Creem;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Sales.Payments.Webhooks;

public sealed class CreemSignatureTests
{
    private const string Key = "MDEyMzQ1Njc4OWFiY2RlZg==";
    private const string Secret = "whsec_" + Key;
    private const string Id = "evt_1";
    private const long Sent = 1_780_000_000;
    private static readonly byte[] s_body = Encoding.UTF8.GetBytes("""{"id":"evt_1"}""");

    [Theory]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    public void Standard_ByItsAge_IsTakenForFiveMinutesEitherWay(int age, bool fits) =>
        Assert.Equal(fits, Fits(Standard(), age: age));

    [Theory]
    [InlineData(Secret, true)]
    [InlineData(Key, true)]
    [InlineData("whsec_MDEyMzQ1Njc4OWFiY2RlZg", true)]
    [InlineData("whsec_MDEyMzQ1Njc4OWFiY2RlZw==", false)]
    [InlineData("whsec_not base64", false)]
    [InlineData("whsec_", false)]
    public void Standard_ByTheSecret_IsTakenWhereItIsTheSameBytes(string secret, bool fits) =>
        Assert.Equal(fits, Fits(Standard(), secret: secret));

    [Fact]
    public void Standard_OfSeveralSignatures_OneHasToFit()
    {
        var (good, bad) = (Sign(), Convert.ToBase64String(new byte[32]));

        Assert.True(Fits(Standard($"v1,{bad} v1,{good}")));
        Assert.True(Fits(Standard($"v1,{good} v1a,{bad}")));
        Assert.All(
            [
                "", good, $"v1,{bad}", $"v0,{good}", $"V1,{good}", $"v1,{good[..40]}", $"v1,{good}AAAA", $"v1, {good}", $"v1,{good},v1",
                "v1,",
            ],
            signature => Assert.False(Fits(Standard(signature))));
    }

    [Theory]
    [InlineData("webhook-id", null)]
    [InlineData("webhook-id", "evt_2")]
    [InlineData("webhook-timestamp", null)]
    [InlineData("webhook-timestamp", "")]
    [InlineData("webhook-timestamp", "+1780000000")]
    [InlineData("webhook-timestamp", "1780000001")]
    [InlineData("webhook-timestamp", "99999999999999999999")]
    [InlineData("webhook-timestamp", "9223372036854775807")]
    [InlineData("webhook-signature", null)]
    public void Standard_WithAnotherHeaderOrNone_IsNot(string name, string? value)
    {
        var headers = Standard();
        headers[name] = value;
        Assert.False(Fits(headers));
    }

    [Fact]
    public void Standard_OverOtherBytes_IsNot() => Assert.False(Fits(Standard(), body: [.. s_body, (byte)' ']));

    /// <summary>Else a recorded delivery could be sent again for ever by leaving its time as it was.</summary>
    [Fact]
    public void Both_WhereTheStrongerFails_AreNot()
    {
        var headers = Standard();
        headers["creem-signature"] = Hex();

        Assert.True(Fits(headers));
        Assert.False(Fits(headers, age: 301));
        headers["webhook-signature"] = "";
        Assert.False(Fits(headers));
    }

    [Fact]
    public void Body_WithEitherNameAndPrefix_IsTaken()
    {
        foreach (var name in new[] { "creem-signature", "x-creem-signature" })
        {
            foreach (var value in new[] { Hex(), "sha256=" + Hex(), $" {Hex().ToUpperInvariant()} " })
            {
                Assert.True(Fits(new HeaderDictionary { [name] = value }, age: 100_000));
            }
        }

        Assert.False(Fits(new HeaderDictionary { ["creem-signature"] = new string('0', 64), ["x-creem-signature"] = Hex() }));
        Assert.All(["", "sha256=", "sha512=" + Hex(), "sha256=sha256=" + Hex(), Hex()[..63]],
            value => Assert.False(Fits(new HeaderDictionary { ["creem-signature"] = value })));
        Assert.False(Fits(new HeaderDictionary()));
    }

    private static HeaderDictionary Standard(string? signature = null) => new()
    {
        ["webhook-id"] = Id,
        ["webhook-timestamp"] = Sent.ToString(CultureInfo.InvariantCulture),
        ["webhook-signature"] = signature ?? "v1," + Sign(),
    };

    private static bool Fits(IHeaderDictionary headers, int age = 0, string secret = Secret, byte[]? body = null) =>
        new CreemWebhook(Options.Create(new CreemOptions { WebhookSecret = secret }))
            .Verify(headers, body ?? s_body, DateTimeOffset.FromUnixTimeSeconds(Sent + age));

    private static string Sign()
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{Id}.{Sent.ToString(CultureInfo.InvariantCulture)}."), .. s_body];
        return Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), signed));
    }

    private static string Hex() => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), s_body));
}
