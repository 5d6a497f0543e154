using System.Text.Json;
using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Tests.Http.Authentication;

public sealed class TokenClaimsTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1_780_000_000);

    /// <summary>What is no answer of RFC 7662 is told from a token that is not active.</summary>
    [Theory]
    [InlineData("""{"active":true,"sub":"7"}""", true, true)]
    [InlineData("""{"active":false,"sub":"7"}""", true, false)]
    [InlineData("""{"active":false,"exp":"never"}""", true, false)]
    [InlineData("""{"active":"true"}""", false, false)]
    [InlineData("""{"active":1}""", false, false)]
    [InlineData("""{"sub":"7"}""", false, false)]
    [InlineData("[true]", false, false)]
    [InlineData("""{"active":true,"exp":"1780000001"}""", false, false)]
    [InlineData("""{"active":true,"exp":-1}""", false, false)]
    [InlineData("""{"active":true,"exp":253402300800}""", false, false)]
    [InlineData("""{"active":true,"exp":253402300799}""", true, true)]
    [InlineData("""{"active":true,"exp":1780000000}""", true, false)]
    [InlineData("""{"active":true,"exp":1780000001}""", true, true)]
    [InlineData("""{"active":true,"exp":1780000001.9}""", true, true)]
    [InlineData("""{"active":true,"exp":null}""", true, true)]
    [InlineData("""{"active":true,"nbf":1780000000}""", true, true)]
    [InlineData("""{"active":true,"nbf":1780000001}""", true, false)]
    public void TryRead_ByActivityAndTime_HasClaimsOnlyWhileItIsGood(string answer, bool isAnswer, bool isGood)
    {
        Assert.Equal(isAnswer, TokenClaims.TryRead(JsonElement.Parse(answer), null, trustsEmails: false, s_now, out var claims));
        Assert.Equal(isGood, claims is not null);
    }

    [Theory]
    [InlineData("\"credits\"", true)]
    [InlineData("[\"other\",\"credits\"]", true)]
    [InlineData("[\"other\",1]", false)]
    [InlineData("\"Credits\"", false)]
    [InlineData("\"credits2\"", false)]
    [InlineData("{\"credits\":true}", false)]
    [InlineData("null", false)]
    public void TryRead_ForAnotherAudience_HasNoClaims(string audience, bool isForUs)
    {
        Assert.True(TokenClaims.TryRead(JsonElement.Parse($"{{\"active\":true,\"aud\":{audience}}}"), "credits", false, s_now,
            out var claims));
        Assert.Equal(isForUs, claims is not null);
        Assert.True(TokenClaims.TryRead(JsonElement.Parse("""{"active":true}"""), "credits", false, s_now, out claims));
        Assert.Null(claims);
    }

    /// <summary>Only the boolean true is a word that the email is the person's.</summary>
    [Theory]
    [InlineData("true", "a@b.c", "a@b.c")]
    [InlineData("false", null, null)]
    [InlineData("\"true\"", null, null)]
    [InlineData("1", null, null)]
    [InlineData("null", null, null)]
    [InlineData(null, null, "a@b.c")]
    public void TryRead_Email_IsBelievedOnlyWhereItIsVerified(string? verified, string? email, string? trusted)
    {
        var said = verified is null ? "" : $",\"email_verified\":{verified}";
        var answer = JsonElement.Parse($"{{\"active\":true,\"email\":\"a@b.c\",\"username\":\"x@y.z\",\"sub\":\"s@t.u\"{said}}}");

        Assert.True(TokenClaims.TryRead(answer, null, trustsEmails: false, s_now, out var claims));
        Assert.Equal(email, claims!.Email);
        Assert.True(TokenClaims.TryRead(answer, null, trustsEmails: true, s_now, out claims));
        Assert.Equal(trusted, claims!.Email);
    }

    [Theory]
    [InlineData(320, true)]
    [InlineData(321, false)]
    [InlineData(0, false)]
    public void TryRead_Subject_HasUpTo320Characters(int length, bool isTaken)
    {
        var subject = new string('s', length);

        TokenClaims.TryRead(JsonElement.Parse($"{{\"active\":true,\"sub\":\"{subject}\",\"iss\":\"a\\nb\"}}"), null, false, s_now,
            out var claims);

        Assert.Equal((null, isTaken ? subject : null), (claims!.Issuer, claims.Subject));
    }
}
